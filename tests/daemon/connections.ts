/** The connections of containers. @module */

import { requireScope } from "./auth.ts";
import { visibleIpAddress } from "./container.ts";
import { goTimeProblem } from "./go_text.ts";
import { queryChoice } from "./parameters.ts";
import { goError, GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { ownerOf, requireOwner } from "./scan_work.ts";
import type { ConnectionSeed } from "./types.ts";

const base = "/v1/containers/{containerName}";

/** Connections; the path names the container in full. */
export const connectionRoutes: readonly Route[] = [
  { method: "GET", pattern: `${base}/connections`, handle: list },
  { method: "GET", pattern: `${base}/connections/summary`, handle: summarize },
  { method: "GET", pattern: `${base}/traffic/history`, handle: history },
  { method: "GET", pattern: `${base}/traffic/aggregates`, handle: history },
].map((route) => ({ ...route, since: "0.67.0" }));

const protocols = ["PROTOCOL_UNSPECIFIED", "PROTOCOL_TCP", "PROTOCOL_UDP", "PROTOCOL_ICMP"];

/** Those of the container in the path, if the caller may see them; of one that is not there there are none. */
function connectionsOf({ world, caller, param }: Call): readonly ConnectionSeed[] {
  requireScope(caller, "traffic:read");
  requireOwner(caller, param("containerName"));
  const username = ownerOf(param("containerName"));
  return world.services.connections.filter((one) => one.username === username);
}

function list(call: Call): unknown {
  const { world, query, param } = call;
  const protocol = queryChoice(query, "protocol", protocols);
  const container = world.store.find(ownerOf(param("containerName")) ?? "");
  const connections = connectionsOf(call).filter((one) =>
    (protocol === "" || protocol === protocols[0] || one.protocol === protocol) &&
    one.destIp.startsWith(query.get("destIpPrefix") ?? "") &&
    String(one.destPort) === (query.get("destPort") || String(one.destPort))
  );
  const now = new Date().toISOString();
  const limit = Number(query.get("limit") ?? "0") || 100;
  return {
    connections: connections.slice(0, limit).map((one, index) => ({
      id: String(index + 1),
      containerName: param("containerName"),
      containerIp: container === undefined ? "" : visibleIpAddress(container),
      protocol: one.protocol,
      sourceIp: one.sourceIp,
      sourcePort: one.sourcePort,
      destIp: one.destIp,
      destPort: one.destPort,
      state: "CONNECTION_STATE_ESTABLISHED",
      direction: one.direction,
      bytesSent: String(one.bytesSent ?? 0),
      bytesReceived: String(one.bytesReceived ?? 0),
      packetsSent: "2",
      packetsReceived: "3",
      firstSeen: now,
      lastSeen: now,
      timeoutSeconds: 431_994,
    })),
    totalCount: connections.length,
  };
}

function summarize(call: Call): unknown {
  const connections = connectionsOf(call);
  const sum = (of: (one: ConnectionSeed) => number, some = connections) =>
    some.reduce((total, one) => total + of(one), 0);
  const sent = ({ bytesSent = 0 }: ConnectionSeed) => bytesSent;
  const received = ({ bytesReceived = 0 }: ConnectionSeed) => bytesReceived;
  const count = (protocol: string) => connections.filter((one) => one.protocol === protocol).length;
  return {
    summary: {
      containerName: call.param("containerName"),
      activeConnections: connections.length,
      tcpConnections: count("PROTOCOL_TCP"),
      udpConnections: count("PROTOCOL_UDP"),
      totalBytesSent: String(sum(sent)),
      totalBytesReceived: String(sum(received)),
      topDestinations: [...new Set(connections.map(({ destIp }) => destIp))].map((destIp) => {
        const some = connections.filter((one) => one.destIp === destIp);
        const bytes = sum(sent, some) + sum(received, some);
        return { destIp, connectionCount: some.length, bytesTotal: String(bytes) };
      }),
    },
  };
}

/** Kept by no daemon that was recorded. */
function history(call: Call): unknown {
  for (const [name, field] of [["startTime", "start_time"], ["endTime", "end_time"]] as const) {
    const written = call.query.get(name) ?? "";
    const problem = written === "" ? undefined : goTimeProblem(written);
    if (problem === undefined) continue;
    const fine = problem.replace("05Z07:00", "05.999999999Z07:00");
    throw new GrpcError("InvalidArgument", `parsing field "${field}": ${fine}`);
  }
  connectionsOf(call);
  throw goError("traffic persistence not available");
}

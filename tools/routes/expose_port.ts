import { z } from "zod";
import {
  ContainariumError,
  type Container,
  type DomainProtocol,
  type NetworkRoute,
  type RouteAddress,
} from "../../client/mod.ts";
import { containerName, domainProblem, refuseOther, visible } from "../../client/internal.ts";
import { spellings } from "../schema/spellings.ts";
import { username } from "../schemas.ts";
import { formatFacts } from "../text/format.ts";
import { quoted } from "../text/quoted.ts";
import { type ConsentQuestion, defineTool, type ToolContext } from "../tool.ts";
import { checkReach } from "./reach.ts";
import {
  bareDomain,
  isPortProtocol,
  namedEntrance,
  namedTarget,
  pastRouteAnswer,
  port,
  renderEntrance,
  renderTarget,
  route,
  routeAnswer,
  routeProtocols,
} from "./route_answer.ts";

const MAX_DESCRIPTION = 200;

/** Leads a domain or port to a container; `POST /v1/network/routes` or `…/passthrough`. */
export const exposePort = defineTool({
  name: "expose_port",
  title: "Expose port",
  description:
    "Publish an app: put a container's port on the internet, at a domain (public URL) or " +
    "at a port of the host. Call it again to repair a stale route.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "routes:read", "routes:write"],
  role: "admin",
  input: z.strictObject({
    username,
    port: port.describe("Port in the container, e.g. 3000"),
    domain: spellings.add(z.string(), bareDomain)
      .refine((text) => domainProblem(text) === undefined, {
        error: ({ input }) => domainProblem(String(input)),
      })
      .optional().describe("app.example.com, or just app: below the daemon's domain"),
    external_port: port.optional().describe("Port of the host, instead of domain"),
    protocol: z.enum(routeProtocols).optional()
      .describe("Default: http, or tcp with external_port"),
    description: z.string().max(MAX_DESCRIPTION).optional().describe("What a port is for"),
    replace: z.boolean().default(false)
      .describe("Take it from another container or port"),
  }),
  output: z.strictObject({
    route,
    url: z.string().optional().describe("Where users reach it; absent: not by a URL"),
    replaced: route.optional().describe("What was there before; absent: nothing else"),
    listening: z.enum(["anywhere", "loopback", "nowhere"]).optional().describe(
      "Where a program in the container listens on the port: loopback is not reached by the " +
        "route; absent: not checked",
    ),
    http_status: z.number().optional()
      .describe("What the URL answers; absent: no answer, or not requested"),
    answered_by: z.enum(["app", "proxy", "unknown"]).optional()
      .describe("Who answered, by the proxy's marks; unknown: perhaps another server"),
    notes: z.array(z.string()).describe("What is not checked or missing, and what to do"),
  }),

  consent: async (args, context) => {
    if (!args.replace) return undefined;
    const { client, signal } = context;
    const at = addressOf(args);
    const container = await client.containers.find(args.username, { signal });
    const before = await client.routes.find(at, { signal });
    const agreed = { container, before };
    if (before === undefined || isOwn(before, args)) return { agreed };
    return { question: takeover(before, args), agreed };
  },

  run: async (args, context, agreed) => {
    const { client, signal, progress } = context;
    const at = addressOf(args);
    const container = await runningContainer(args.username, context);
    if (agreed !== undefined) refuseOther(container, agreed, "The exposure");
    const target = {
      ipAddress: container.ipAddress ?? "",
      port: args.port,
      containerName: containerName(args.username),
    };
    const { route, before } = await client.routes.expose(at, target, {
      signal,
      protocol: domainProtocol(args.protocol),
      description: args.description,
      agreed: agreed === undefined ? undefined : { route: agreed.before },
    });
    progress(1, 2, `${containerName(args.username)}: exposed, looking whether it answers`);
    const found = await checkReach(route, before, args.username, context);
    const isOther = before !== undefined && !isUnchanged(before, route);
    return {
      route: routeAnswer(route, [container]),
      url: found.url,
      replaced: isOther ? pastRouteAnswer(before) : undefined,
      listening: found.listening,
      http_status: found.status,
      answered_by: found.answeredBy,
      notes: [...found.notes.map(visible), freshnessNote(container)],
    };
  },

  render: (
    { route, url, replaced, listening, http_status: status, answered_by: by, notes },
  ) =>
    [
      `${renderEntrance(route)} leads to ${route.username}'s port ${route.port} (${
        renderTarget(route)
      }).`,
      formatFacts({
        url,
        answers: status === undefined ? undefined : `${status}, from ${answerers[by ?? "unknown"]}`,
        listening,
        before: replaced === undefined ? undefined : describeBefore(replaced),
      }),
      ...notes,
    ].filter((line) => line !== "").join("\n"),
});

const answerers = {
  app: "the app",
  proxy: "the proxy",
  unknown: "an unknown server",
} as const;

type Args = Readonly<{
  username: string;
  port: number;
  domain?: string | undefined;
  "external_port"?: number | undefined;
  protocol?: typeof routeProtocols[number] | undefined;
}>;

/** Returns where the traffic arrives. */
function addressOf({ domain, external_port: externalPort, protocol }: Args): RouteAddress {
  if ((domain === undefined) === (externalPort === undefined)) {
    throw new ContainariumError("invalid_argument", "Pass either domain or external_port");
  }
  if (externalPort !== undefined) {
    const kind = protocol ?? "tcp";
    if (isPortProtocol(kind)) return { kind: "port", externalPort, protocol: kind };
    throw new ContainariumError(
      "invalid_argument",
      `A port of the host forwards tcp or udp; ${kind} needs a domain instead of external_port`,
    );
  }
  if (protocol === undefined || !isPortProtocol(protocol)) {
    return { kind: "domain", domain: domain ?? "" };
  }
  throw new ContainariumError(
    "invalid_argument",
    `A domain serves http, grpc or tls_passthrough; ${protocol} needs external_port instead`,
  );
}

function domainProtocol(protocol: Args["protocol"]): DomainProtocol | undefined {
  return protocol === undefined || isPortProtocol(protocol) ? undefined : protocol;
}

/** Only a running container has an address. */
async function runningContainer(
  username: string,
  { client, signal }: ToolContext,
): Promise<Container> {
  const container = await client.containers.getWhole(username, { signal });
  if (container.state === "running" && container.ipAddress !== undefined) return container;
  throw new ContainariumError(
    "failed_precondition",
    `${containerName(username)} has no address: it is ${container.state}`,
    {
      reason: container.state === "creating" || container.state === "provisioning"
        ? "being_created"
        : "not_running",
      details: { username },
    },
  );
}

/** Whether a route leads to the same container and port, so that exposing it again repairs it. */
function isOwn({ containerName: name, port }: NetworkRoute, args: Args): boolean {
  return name === containerName(args.username) && port === args.port;
}

function takeover(before: NetworkRoute, args: Args): ConsentQuestion {
  const what = namedEntrance(before);
  return {
    message: `${what} leads to ${namedTarget(before)}. Let it lead to ` +
      `${containerName(args.username)} port ${args.port} instead? It no longer reaches the other.`,
    confirm: `Take over ${what}`,
  };
}

function isUnchanged(one: NetworkRoute, other: NetworkRoute): boolean {
  return factsOf(one) === factsOf(other);
}

function factsOf({ ipAddress, port, protocol, isActive }: NetworkRoute): string {
  return JSON.stringify([ipAddress, port, protocol, isActive]);
}

/** The daemon stores the address, and does not follow the container. */
function freshnessNote({ backendId }: Container): string {
  const where = backendId === undefined
    ? ""
    : ` It is an address of the host ${quoted(backendId)}: another host may not reach it.`;
  return `The route keeps this address: call this again after the container is created again or ` +
    `moved.${where}`;
}

function describeBefore(replaced: z.infer<typeof route>): string {
  return `${replaced.username ?? "unknown"}, ${renderTarget(replaced)}${
    replaced.disabled === true ? ", off" : ""
  }`;
}

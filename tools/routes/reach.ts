/**
 * Whether an exposed port is reached: what can be checked with the permissions that there are, and what was not.
 *
 * @module
 */
import { ContainariumError, type NetworkRoute } from "../../client/mod.ts";
import { findListener, type Listening, requestUrl } from "../../client/internal.ts";
import { howToGrant } from "../advice/grants.ts";
import type { ToolContext } from "../tool.ts";

/** What was found. */
export interface Reach {
  /** Where users reach it; absent for what has no URL. */
  readonly url?: string | undefined;
  /** Where a program listens in the container; absent if it was not checked. */
  readonly listening?: Listening | undefined;
  /** What the URL answered; absent if it did not, or was not requested. */
  readonly status?: number | undefined;
  /** What was not checked or is missing, and what to do. */
  readonly notes: readonly string[];
}

/** The daemon's proxy follows its table every 5 s, and may have to get a certificate first. */
const ANSWER_MS = 12_000;

/** Looks inside the container whether a program listens, and requests the URL if this process may. */
export async function checkReach(
  route: NetworkRoute,
  username: string,
  context: ToolContext,
): Promise<Reach> {
  const inside = await checkInside(route, username, context);
  if (route.kind === "port") {
    const hidden =
      `If a program of the host uses ${route.protocol} port ${route.externalPort}, it ` +
      "is no longer reached: the daemon does not check that.";
    return { ...inside, notes: [...inside.notes, hidden] };
  }
  if (route.protocol !== "http") {
    const protocol = route.protocol === "grpc" ? "gRPC" : "TLS";
    const notes = [...inside.notes, `Whether it answers was not checked: it speaks ${protocol}.`];
    return { ...inside, notes };
  }
  const url = new URL(`https://${route.domain}/`);
  const outside = await checkUrl(url, inside.listening !== "nowhere", context);
  return { ...inside, ...outside, url: url.href, notes: [...inside.notes, ...outside.notes] };
}

async function checkInside(
  { port, protocol }: NetworkRoute,
  username: string,
  { client, signal }: ToolContext,
): Promise<Reach> {
  try {
    const terminal = client.terminal(username);
    const kind = protocol === "udp" ? "udp" : "tcp";
    const listening = await findListener(terminal, port, kind, { signal });
    switch (listening) {
      case "anywhere":
        return { listening, notes: [] };
      case "loopback":
        return {
          listening,
          notes: [
            `The program on port ${port} listens on 127.0.0.1 only, which the route does not reach: ` +
            "let it listen on 0.0.0.0.",
          ],
        };
      case "nowhere":
        return {
          listening,
          notes: [`Nothing listens on port ${port} in the container yet: start the app.`],
        };
    }
  } catch (error) {
    if (!(error instanceof ContainariumError) || signal.aborted) throw error;
    return { notes: [`Whether the app listens was not checked: ${error.message}.`] };
  }
}

async function checkUrl(
  url: URL,
  isExpected: boolean,
  { signal }: ToolContext,
): Promise<Pick<Reach, "status" | "notes">> {
  const answer = await requestUrl(url, { signal, waitMs: isExpected ? ANSWER_MS : 0 });
  switch (answer.kind) {
    case "answered":
      return {
        status: answer.status,
        notes: answer.status === 502
          ? ["The proxy answers, but does not reach the app (502)."]
          : [],
      };
    case "failed":
      return {
        notes: [
          `${url.href} does not answer: ${answer.why}. Its DNS name has to lead to the host, and the ` +
          "first certificate can take a minute.",
        ],
      };
    case "not_permitted":
      return {
        notes: [
          `${url.href} was not requested: this server may reach the daemon only. Open it, or ` +
          `${howToGrant("this server", { net: `<daemon host:port>,${answer.host}` })}.`,
        ],
      };
  }
}

/**
 * Whether an exposed port is reached: what can be checked with the permissions that there are, and what was not.
 *
 * @module
 */
import { ContainariumError, type DomainRoute, type NetworkRoute } from "../../client/mod.ts";
import {
  delay,
  findListener,
  type Listening,
  mayRequest,
  poll,
  requestUrl,
  type UrlAnswerer,
} from "../../client/internal.ts";
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
  /** Who answered. */
  readonly answeredBy?: UrlAnswerer | undefined;
  /** What was not checked or is missing, and what to do. */
  readonly notes: readonly string[];
}

/** The proxy may have to get a certificate first. */
const ANSWER_MS = 12_000;
/** The proxy follows the daemon's table every 5 s. */
const SYNC_MS = 5_500;
const SYNC_LOOK_MS = 500;

/**
 * Looks inside the container whether a program listens, waits until the proxy has the route, and requests the URL
 * if this process may.
 *
 * @param before What was there
 */
export async function checkReach(
  route: NetworkRoute,
  before: NetworkRoute | undefined,
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
  const synced = await checkProxy(route, before, context);
  if (route.protocol !== "http") {
    const protocol = route.protocol === "grpc" ? "gRPC" : "TLS";
    const unchecked = `Whether it answers was not checked: it speaks ${protocol}.`;
    return { ...inside, notes: [...inside.notes, ...synced, unchecked] };
  }
  const url = new URL(`https://${route.domain}/`);
  // What answers before is the old place.
  if (isMoved(route, before) && await mayRequest(url)) await delay(SYNC_MS, context.signal);
  const outside = await checkUrl(url, inside.listening !== "nowhere", context);
  const notes = [...inside.notes, ...synced, ...outside.notes];
  return { ...inside, ...outside, url: url.href, notes };
}

/** Waits until the proxy has a domain. Where a domain leads there is in no answer of the daemon. */
async function checkProxy(
  route: DomainRoute,
  before: NetworkRoute | undefined,
  { client, signal }: ToolContext,
): Promise<readonly string[]> {
  if (route.protocol === "tls_passthrough") {
    return ["The daemon does not show whether its proxy has the domain, with TLS passthrough."];
  }
  try {
    const isServed = await poll(
      () => client.routes.isServed(route.domain, { signal }),
      (isServed) => isServed,
      { firstMs: SYNC_LOOK_MS, timeoutMs: SYNC_MS, signal },
    );
    if (!isServed) {
      return [
        "The daemon's proxy does not have the domain yet: it should within 5 s. Its log says why.",
      ];
    }
    return [
      isMoved(route, before)
        ? "The daemon's proxy has the domain, and leads it to the new place within 5 s."
        : "The daemon's proxy has the domain.",
    ];
  } catch (error) {
    if (!(error instanceof ContainariumError) || signal.aborted) throw error;
    return [`Whether the daemon's proxy has the domain was not checked: ${error.message}.`];
  }
}

/** Whether the domain led elsewhere before: for a few seconds the proxy still leads there. */
function isMoved(route: NetworkRoute, before: NetworkRoute | undefined): boolean {
  return before?.isActive === true &&
    (before.ipAddress !== route.ipAddress || before.port !== route.port);
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
): Promise<Pick<Reach, "status" | "answeredBy" | "notes">> {
  const answer = await requestUrl(url, { signal, waitMs: isExpected ? ANSWER_MS : 0 });
  switch (answer.kind) {
    case "answered":
      return {
        status: answer.status,
        answeredBy: answer.by,
        notes: answererNotes[answer.by](answer.status),
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

/** What is known about an answer from the marks of the proxy alone. */
const answererNotes: Readonly<Record<UrlAnswerer, (status: number) => readonly string[]>> = {
  app: () => [],
  proxy: (status) => [
    status === 502
      ? "The proxy answers, but does not reach the app (502)."
      : `The answer (${status}) bears the mark of the proxy alone: it is the proxy's own, or the app's ` +
        "through a Caddy before 2.10, which does not mark what it passes on.",
  ],
  unknown: (status) => [
    `The answer (${status}) does not bear the mark of the daemon's proxy: the DNS name may lead to ` +
    "another server.",
  ],
};

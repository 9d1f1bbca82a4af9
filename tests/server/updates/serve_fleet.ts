/** A server in this process for a simulated daemon, with updates as fast as a test likes. @module */
import { ContainariumClient } from "../../../client/mod.ts";
import { silent } from "../../../client/internal.ts";
import { serve } from "../../../server/server.ts";
import type { UpdateTimes } from "../../../server/updates/resource_updates.ts";
import { activeTools } from "../../../tools/mod.ts";
import type { Daemon, TokenClaims } from "../../daemon/mod.ts";
import type { Message } from "../../session.ts";
import { type Conversation, converse } from "../converse.ts";

/** How a fleet is served. */
export interface FleetOptions extends Partial<UpdateTimes> {
  /** What the token says. @default {an admin's} */
  readonly claims?: TokenClaims;
}

/** Nothing is polled within a test unless it says so. */
const hourMs = 3_600_000;

/** Serves a daemon's containers. */
export async function serveFleet(
  daemon: Daemon,
  { claims, ...times }: FleetOptions = {},
): Promise<Conversation> {
  const client = new ContainariumClient({
    serverUrl: daemon.url,
    token: await daemon.token(claims),
    eventTimes: { firstRetryMs: 2, maxRetryMs: 20, unsupportedRetryMs: 20 },
  });
  const tools = activeTools({}, await client.tokenClaims());
  return converse(async (input, output) => {
    const writer = output.getWriter();
    await serve({
      client,
      tools,
      log: silent,
      input,
      updateTimes: { pollMs: hourMs, leastMs: 1, ...times },
      write: (bytes) => writer.write(bytes),
    });
    writer.releaseLock();
    client[Symbol.dispose]();
  });
}

/** A client of the daemon that the server knows nothing of. */
export async function otherClient(daemon: Daemon): Promise<ContainariumClient> {
  return new ContainariumClient({ serverUrl: daemon.url, token: await daemon.token() });
}

/** A URI of this server's. */
export function uriOf(path: string): string {
  return `containarium://${path}`;
}

/** Subscribes to resources, one request each. */
export async function subscribe(
  server: Conversation,
  ...paths: readonly string[]
): Promise<readonly Message[]> {
  return await Promise.all(
    paths.map((path) => server.request("resources/subscribe", { uri: uriOf(path) })),
  );
}

/** The paths of the updates so far. */
export function updatesIn({ messages }: Pick<Conversation, "messages">): readonly string[] {
  return messages.filter(({ method }) => method === "notifications/resources/updated")
    .map(({ params }) => `${params?.uri}`.replace("containarium://", ""));
}

/** Resolves when there are so many updates, of that path if there is one. */
export async function untilUpdates(
  server: Conversation,
  count: number,
  path?: string,
): Promise<void> {
  await server.next(() =>
    updatesIn(server).filter((each) => path === undefined || each === path).length >= count
  );
}

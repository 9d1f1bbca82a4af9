/** How the tests of the simulator ask it. @module */

import type { Daemon, TokenClaims } from "./mod.ts";

/** What to ask, beside the path. */
export interface Ask {
  readonly method?: string;
  readonly body?: string;
  readonly as?: TokenClaims;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** Sends a request, by default with an admin's token. */
export async function send(daemon: Daemon, path: string, ask: Ask = {}): Promise<Response> {
  const { method = "GET", body, as, headers, signal } = ask;
  return await fetch(`${daemon.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${await daemon.token(as)}`, ...headers },
    redirect: "manual",
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Sends a request and reads its whole answer. */
export async function statusAndText(
  daemon: Daemon,
  path: string,
  ask: Ask = {},
): Promise<{ status: number; text: string }> {
  const answer = await send(daemon, path, ask);
  return { status: answer.status, text: await answer.text() };
}

/** Sends a request and gives the error text of its answer. */
export async function errorOf(daemon: Daemon, path: string, ask: Ask = {}): Promise<string> {
  const { text } = await statusAndText(daemon, path, ask);
  const { error }: { readonly error: string } = JSON.parse(text);
  return error;
}

/** Creates a container with this body. */
export function create(daemon: Daemon, body: unknown): Promise<{ status: number; text: string }> {
  return statusAndText(daemon, "/v1/containers", { method: "POST", body: JSON.stringify(body) });
}

/** HTTP to what listens inside a container. @module */

import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "./incoming.ts";
import type { Listener } from "./types.ts";

/** Lets a listener answer; a client that leaves in the middle gets nothing. */
export async function answerAs(
  listener: Listener,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = await readBody(incoming);
  if (bytes === undefined) return;
  const method = incoming.method ?? "GET";
  const request = new Request(`http://${incoming.headers.host ?? ""}${incoming.url ?? "/"}`, {
    method,
    headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    body: method === "GET" || method === "HEAD" ? null : Uint8Array.from(bytes),
  });
  const answer = await listener.answer?.(request) ??
    new Response(`${listener.username}:${listener.port}`);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(new Uint8Array(await answer.arrayBuffer()));
}

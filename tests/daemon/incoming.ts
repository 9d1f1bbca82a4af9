/** Reading requests. @module */

import type { IncomingMessage } from "node:http";
import type { RecordedRequest } from "./types.ts";

/** One request, ready to be answered. */
export interface IncomingRequest extends RecordedRequest {
  /** The size of the body. */
  readonly bodyBytes: number;
  /** The address that it came from. */
  readonly peerAddress: string;
}

/** A request out of its parts. */
export function requestOf(incoming: IncomingMessage, bytes: Uint8Array): IncomingRequest {
  return {
    method: incoming.method ?? "GET",
    path: originForm(incoming.url ?? "/"),
    headers: flatHeaders(incoming),
    body: new TextDecoder().decode(bytes),
    bodyBytes: bytes.length,
    peerAddress: incoming.socket.remoteAddress ?? "",
  };
}

/** The whole body, or undefined when the client left in the middle. */
export function readBody(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
  const chunks: Uint8Array[] = [];
  incoming.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  incoming.once("end", () => resolve(joined(chunks)));
  incoming.once("error", () => resolve(undefined));
  incoming.once("close", () => resolve(undefined));
  return promise;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value ?? "")]),
  );
}

/** A request sent as to a proxy names the host in its first line too (RFC 9112, section 3.2.2). */
export function originForm(target: string): string {
  return target.replace(/^https?:\/\/[^/]*(?=\/)/, "");
}

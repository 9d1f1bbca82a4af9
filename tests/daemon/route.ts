/** What a resource's file says about its endpoints. @module */

import type { IncomingRequest } from "./http.ts";
import type { Caller } from "./jwt.ts";
import { decodeBody, type Decoded, type Fields } from "./protojson.ts";
import type { Reply } from "./reply.ts";
import type { Version } from "./types.ts";
import { isSince, type World } from "./world.ts";

/** One endpoint of the gateway. */
export interface Route {
  readonly method: string;
  /** With `{name}` for a segment that varies. */
  readonly pattern: string;
  /** Older daemons do not know it. @default {"0.3.0"} */
  readonly since?: Version;
  /** Older daemons know it, and answer `not implemented yet`. */
  readonly implementedSince?: Version;
  /** It answers with a stream, of which there is one message. */
  readonly stream?: boolean;
  /** The message to answer with; what it throws is answered as an error. */
  readonly handle: (call: Call) => unknown | Promise<unknown>;
}

/** A handler in front of the gateway, which checks tokens by itself or not at all. */
export interface BareHandler {
  /** Whether the request is its own. */
  takes(method: string, path: string): boolean;
  /** Answers it. */
  answer(request: IncomingRequest, path: string, world: World): Reply | Promise<Reply>;
}

/** A handler beside the gateway, behind the check of tokens. */
export interface GuardedHandler {
  /** Whether the path is its own. */
  takes(path: string): boolean;
  /** Answers it. */
  answer(
    request: IncomingRequest,
    path: string,
    caller: Caller,
    world: World,
  ): Reply | Promise<Reply>;
}

/** One request as a handler sees it. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
  readonly query: URLSearchParams;
  /** The header, to be passed on to peers. */
  readonly authorization: string;
  /** The value of a `{name}` segment, decoded. */
  param(name: string): string;
  /** The body as a message of these fields. */
  body<F extends Fields>(fields: F): Decoded<F>;
}

/** A call out of its parts. */
export function createCall(
  world: World,
  caller: Caller,
  params: ReadonlyMap<string, string>,
  query: URLSearchParams,
  request: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
): Call {
  return {
    world,
    caller,
    query,
    authorization: request.headers["authorization"] ?? "",
    param: (name) => params.get(name) ?? "",
    // Unknown keys became an error with 0.16.
    body: (fields) => decodeBody(fields, request.body, !isSince(world, "0.67.0")),
  };
}

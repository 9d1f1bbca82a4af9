/**
 * What one line of JSON is: a message, or one that is to be refused, or passed over.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  type RequestId,
} from "@modelcontextprotocol/sdk/types.js";
import { isTooDeep } from "./depth.ts";
import { initializeFault, repairInitialize } from "./initialize.ts";
import { isObject, type JsonObject, withoutNulls } from "../json.ts";
import { rpcCodes } from "../rpc_error.ts";

/** Result of reading a line. */
export type ReadMessage =
  | { readonly kind: "message"; readonly message: JSONRPCMessage }
  | {
    readonly kind: "refused";
    readonly code: number;
    readonly reason: string;
    readonly id: RequestId | null;
  }
  /** Nobody waits for an answer to it. */
  | { readonly kind: "odd"; readonly reason: string };

/** Reads a JSON-RPC 2.0 message. Ignores members that it does not know; `null` means absent. */
export function readMessage(json: unknown): ReadMessage {
  if (isTooDeep(json)) {
    return refused(rpcCodes.invalidRequest, "Nested more than 100 deep", requestId(json));
  }
  if (Array.isArray(json)) {
    return refused(
      rpcCodes.invalidRequest,
      "Batches are not part of MCP: send one message per line",
    );
  }
  if (typeof json !== "object" || json === null || !("jsonrpc" in json)) return notAMessage(json);
  const { method } = pick(json, ["method"]);
  return method === undefined || method === null ? readAnswer(json) : readRequest(json);
}

/** A request or a notification. */
function readRequest(json: object): ReadMessage {
  const { jsonrpc, id, method, params: given } = pick(json, ["jsonrpc", "id", "method", "params"]);
  const params = readParams(method, given);
  const message = repairInitialize({
    jsonrpc,
    // A notification has none, and the SDK's schema takes an undefined one for another key.
    ...pick(json, ["id"]),
    method,
    params,
  });
  const parsed = JSONRPCMessageSchema.safeParse(message);
  const fault = parsed.success ? initializeFault(message) : faultOf({ jsonrpc, id, method });
  if (parsed.success && fault === undefined) return { kind: "message", message: parsed.data };
  if (fault === undefined) return notAMessage(json);
  return id === undefined
    ? { kind: "odd", reason: `${method}: ${fault}` }
    : refused(rpcCodes.invalidParams, fault, requestId(json));
}

/** A response to this server's request: a malformed one must not leave the request open. */
function readAnswer(json: object): ReadMessage {
  const { jsonrpc, id, result, error = null } = pick(json, ["jsonrpc", "id", "result", "error"]);
  const isFailure = (result ?? null) === null && error !== null;
  const message = isFailure
    ? { jsonrpc, id, error }
    : { jsonrpc, id, result: isObject(result) ? readResult(result) : result };
  const parsed = JSONRPCMessageSchema.safeParse(message);
  if (parsed.success) return { kind: "message", message: parsed.data };
  const known = requestId(json);
  if (jsonrpc !== "2.0" || (result === undefined && error === null)) return notAMessage(json);
  if (known === null) return { kind: "odd", reason: "An answer without a usable id" };
  const malformed = { code: rpcCodes.invalidRequest, message: "its answer was malformed" };
  return { kind: "message", message: { jsonrpc: "2.0", id: known, error: malformed } };
}

/** Only an accepted form has content: what clients send with a refusal must not make it unreadable. */
export function readResult(result: JsonObject): JsonObject {
  const { content, ...rest } = withoutNulls(result);
  if (content === undefined || (rest.action !== undefined && rest.action !== "accept")) return rest;
  return { ...rest, content: isObject(content) ? withoutNulls(content) : content };
}

/** What is wrong with the parameters, where all else is right. */
function faultOf(json: Readonly<Record<string, unknown>>): string | undefined {
  const { jsonrpc, id, method } = json;
  const isSound = jsonrpc === "2.0" && typeof method === "string" &&
    (id === undefined || requestId(json) !== null);
  return isSound ? `${method}: expected params to be an object, with a proper _meta` : undefined;
}

/** Tasks are not offered, and whoever asks for one all the same gets the plain answer. */
function readParams(method: unknown, given: unknown): unknown {
  if (!isObject(given)) return given ?? undefined;
  const { task, ...rest } = withoutNulls(given);
  const params = isObject(rest._meta) ? { ...rest, _meta: withoutNulls(rest._meta) } : rest;
  return method === "tools/call" || task === undefined ? params : { ...params, task };
}

function notAMessage(json: unknown): ReadMessage {
  return refused(
    rpcCodes.invalidRequest,
    "Not a JSON-RPC 2.0 message: expected jsonrpc, method, and an id that is a string or an integer",
    requestId(json),
  );
}

function refused(code: number, reason: string, id: RequestId | null = null): ReadMessage {
  return { kind: "refused", code, reason, id };
}

function requestId(json: unknown): RequestId | null {
  if (typeof json !== "object" || json === null || !("id" in json)) return null;
  const { id } = json;
  return typeof id === "string" || (typeof id === "number" && Number.isSafeInteger(id)) ? id : null;
}

function pick(json: object, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(json).filter(([name]) => names.includes(name)));
}

/**
 * What each request of the revision 2026-07-28 says about itself, in `params._meta`.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import { type LoggingLevel, LoggingLevelSchema } from "@modelcontextprotocol/sdk/types.js";
import { isObject, type JsonObject } from "../json.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import { metaKeys, modernVersion } from "./revision.ts";

/** The envelope of a modern request. */
export interface Envelope {
  /** Capabilities of the client. */
  readonly capabilities: JsonObject;
  /** Name and version of the client; an empty object if it sends none. */
  readonly clientInfo: JsonObject;
  /** Whether the client can show forms. */
  readonly asksByForm: boolean;
  /** Minimum severity of the log messages to send with this request. Absent: none. */
  readonly logLevel: LoggingLevel | undefined;
}

/**
 * Reads the envelope of a request. It does not apply to later requests.
 *
 * @returns `undefined` for a request of an older revision
 * @throws {RpcError} -32022 for another revision; -32602 for an envelope that is incomplete
 */
export function readEnvelope(meta: JsonObject | undefined): Envelope | undefined {
  if (meta === undefined || !isEnvelope(meta)) return undefined;
  const requested = meta[metaKeys.protocolVersion];
  if (typeof requested !== "string") throw malformed(metaKeys.protocolVersion, "text");
  if (requested !== modernVersion) throw unsupported(requested);
  const capabilities = meta[metaKeys.clientCapabilities];
  if (!isObject(capabilities)) throw malformed(metaKeys.clientCapabilities, "an object");
  const clientInfo = meta[metaKeys.clientInfo];
  return {
    capabilities,
    clientInfo: isObject(clientInfo) ? clientInfo : {},
    asksByForm: asksByForm(capabilities),
    logLevel: readLogLevel(meta),
  };
}

/** Returns the error for a request without an envelope whose method no older revision has. */
export function withoutEnvelope(method: string): RpcError {
  return new RpcError(
    rpcCodes.invalidParams,
    `${method}: expected _meta with ${metaKeys.protocolVersion}`,
  );
}

/** Counts an incomplete envelope as one: served as an older request, its capabilities would be ignored. */
function isEnvelope(meta: JsonObject): boolean {
  return Object.hasOwn(meta, metaKeys.protocolVersion) ||
    Object.hasOwn(meta, metaKeys.clientCapabilities);
}

/** `elicitation: {}` means forms, for compatibility with 2025-06-18. */
function asksByForm({ elicitation }: JsonObject): boolean {
  if (!isObject(elicitation)) return false;
  return isObject(elicitation.form) || Object.keys(elicitation).length === 0;
}

function readLogLevel(meta: JsonObject): LoggingLevel | undefined {
  const { success, data } = LoggingLevelSchema.optional().safeParse(meta[metaKeys.logLevel]);
  if (success) return data;
  throw malformed(metaKeys.logLevel, LoggingLevelSchema.options.join(" | "));
}

function unsupported(requested: string): RpcError {
  const data = { supported: [modernVersion], requested: requested.slice(0, MAX_VERSION_CHARS) };
  return new RpcError(rpcCodes.unsupportedVersion, "Unsupported protocol version", data);
}

function malformed(key: string, expected: string): RpcError {
  return new RpcError(rpcCodes.invalidParams, `_meta: expected ${key} to be ${expected}`);
}

const MAX_VERSION_CHARS = 100;

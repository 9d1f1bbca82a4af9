/**
 * Request ids and progress tokens, between the wire and the SDK. Inside, the SDK takes 0 for "no id" and
 * integers above 2^53 lose digits; outside, clients on SDK v1 cannot cancel this server's request with id 0,
 * from which the SDK counts.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/sdk/types.js";
import { isObject, type JsonObject } from "../json.ts";

/** Begins a text that stands for another id. */
const MARK = "\u0000";
/** … for a number, by its digits. */
const NUMBER = `${MARK}n`;
/** … for a text that begins with a mark by itself. */
const TEXT = `${MARK}t`;
const wholeNumber = /^-?\d{1,100}$/;

/**
 * Parses a line of JSON, in which a request id or a progress token that the SDK would lose becomes a text.
 *
 * @throws {SyntaxError} When it is not JSON
 */
export function parseMessage(line: string): unknown {
  const json: unknown = JSON.parse(line);
  const isLarge = idPlaces(json).some(({ value }) =>
    typeof value === "number" && !Number.isSafeInteger(value)
  );
  return isLarge ? parseWithSources(line) : marked(json, ({ value }) => String(value));
}

/** The same message as JSON, with the ids and tokens that the client knows. */
export function formatMessage(message: JsonObject): string {
  const { id, ...rest } = message;
  if (isMark(id) && Object.keys(rest).length > 0) return withFirst("id", id, rest);
  const { params, ...others } = message;
  if (message.method === "notifications/progress" && isObject(params)) {
    const { progressToken, ...report } = params;
    if (isMark(progressToken)) {
      const inner = withFirst("progressToken", progressToken, report);
      return `${JSON.stringify(others).slice(0, -1)},"params":${inner}}`;
    }
  }
  return JSON.stringify(message);
}

/** This server's request, or the cancellation of one, with its id on the wire: the SDK counts from 0. */
export function toClient(message: JSONRPCMessage): JSONRPCMessage {
  if (!("method" in message)) return message;
  if ("id" in message) return { ...message, id: shifted(message.id, 1) };
  if (message.method !== "notifications/cancelled") return message;
  const { requestId, ...params } = message.params ?? {};
  return isId(requestId)
    ? { ...message, params: { ...params, requestId: shifted(requestId, 1) } }
    : message;
}

/** The SDK's id of this server's request, from the response to it. */
export function answeredId(id: RequestId): RequestId {
  return shifted(typeof id === "string" && /^\d{1,15}$/.test(id) ? Number(id) : id, -1);
}

/** A request id as a value that is written as the client wrote it, up to 2^53. */
export function wireId(id: RequestId): RequestId {
  if (!isMark(id)) return id;
  const rest = id.slice(NUMBER.length);
  return id.startsWith(NUMBER) && Number.isSafeInteger(Number(rest)) ? Number(rest) : rest;
}

/** A request id or progress token as the client wrote it, for the log. */
export function writtenId(id: unknown): unknown {
  return isMark(id) ? id.slice(NUMBER.length) : id;
}

function shifted(id: RequestId, by: number): RequestId {
  return typeof id === "number" ? id + by : id;
}

function isId(value: unknown): value is RequestId {
  return typeof value === "string" || typeof value === "number";
}

interface IdPlace {
  readonly holder: JsonObject;
  readonly name: string;
  readonly value: unknown;
}

function idPlaces(json: unknown): readonly IdPlace[] {
  if (!isObject(json)) return [];
  const params = isObject(json.params) ? json.params : {};
  const meta = isObject(params._meta) ? params._meta : {};
  return [
    { holder: json, name: "id", value: json.id },
    { holder: params, name: "requestId", value: params.requestId },
    { holder: meta, name: "progressToken", value: meta.progressToken },
  ];
}

const idNames: ReadonlySet<string> = new Set(["id", "requestId", "progressToken"]);

/** Slower than without, so only where a number is too large. */
function parseWithSources(line: string): unknown {
  const sources = new Map<unknown, Map<string, string>>();
  const json: unknown = JSON.parse(line, note);
  return marked(json, ({ holder, name }) => sources.get(holder)?.get(name));

  function note(this: unknown, name: string, value: unknown, context?: Source): unknown {
    const isLarge = typeof value === "number" && !Number.isSafeInteger(value);
    // A message may hold any number of ids that are nobody's; only a message itself has a version.
    const isPlace = name === "id" ? Object.hasOwn(Object(this), "jsonrpc") : idNames.has(name);
    if (isLarge && isPlace) {
      sources.set(this, (sources.get(this) ?? new Map()).set(name, context?.source ?? ""));
    }
    return value;
  }
}

/** What `JSON.parse` passes as well, since ECMAScript 2026: the digits as they were written. */
interface Source {
  readonly source?: string | undefined;
}

function marked(json: unknown, digitsOf: (place: IdPlace) => string | undefined): unknown {
  for (const place of idPlaces(json)) {
    const mark = markOf(place.value, place.value === 0 ? "0" : digitsOf(place) ?? "");
    if (mark !== undefined) Reflect.set(place.holder, place.name, mark);
  }
  return json;
}

function markOf(value: unknown, digits: string): string | undefined {
  if (isMark(value)) return `${TEXT}${value}`;
  const isLost = typeof value === "number" && (value === 0 || !Number.isSafeInteger(value));
  return isLost && wholeNumber.test(digits) ? `${NUMBER}${digits}` : undefined;
}

function withFirst(name: string, mark: string, rest: JsonObject): string {
  const value = mark.startsWith(NUMBER)
    ? mark.slice(NUMBER.length)
    : JSON.stringify(mark.slice(TEXT.length));
  return `{"${name}":${value},${JSON.stringify(rest).slice(1)}`;
}

function isMark(value: unknown): value is string {
  return typeof value === "string" && value.startsWith(MARK);
}

/**
 * Protocol messages in the debug log. A message is not quoted: whatever a model types, a user answers or
 * a container prints may be a secret, and so may a misspelled argument. The log gets what this file or
 * `harmless_arguments.ts` knows to be harmless (methods, ids, names of tools and of their arguments,
 * usernames, sizes, switches), and of all else only how long it is. Nothing here looks deeper than a message's second level.
 *
 * @module
 */
import { own } from "../../client/internal.ts";
import type { ActiveTools } from "../../tools/mod.ts";
import { harmless, isPlainName } from "../harmless_arguments.ts";
import { isObject, type JsonObject } from "../json.ts";
import { metaKeys } from "../modern/revision.ts";
import { writtenId } from "../stdio/request_ids.ts";

/** The methods and the members of messages that may be logged by name. */
const words: ReadonlySet<unknown> = new Set(
  ("initialize ping tools/list tools/call logging/setLevel server/discover " +
    "completion/complete resources/list resources/read resources/templates/list " +
    "resources/subscribe resources/unsubscribe subscriptions/listen skills/list skills/get " +
    "notifications/resources/updated notifications/subscriptions/acknowledged prompts/list " +
    "prompts/get roots/list elicitation/create sampling/createMessage " +
    "notifications/initialized notifications/cancelled notifications/progress " +
    "notifications/message notifications/roots/list_changed _meta action argument arguments " +
    "cacheScope capabilities clientInfo completion content contents context cursor data " +
    "description inputRequests inputResponses instructions isError level logger message " +
    "messages mode name nextCursor notifications progress progressToken prompts " +
    "protocolVersion ref requestId requestedSchema requestState resources resourceTemplates " +
    "resultType serverInfo structuredContent supportedVersions tools total ttlMs uri " +
    "elicitation experimental extensions roots sampling tasks").split(" "),
);
/** The characters of an error's or a line's share of the log. */
const MAX_LOGGED_CHARS = 4_000;
/** No token is longer, so that one on the edge is seen whole and taken out. */
const MAX_TOKEN_CHARS = 16_000;

/** A question has one answer; a client may send any number. */
const MAX_REPLIES = 3;

/** The start of a text that may be long, without secrets. */
export function excerpt(text: string, redact: (text: string) => string): string {
  if (text.length <= MAX_LOGGED_CHARS) return redact(text);
  const start = redact(text.slice(0, MAX_LOGGED_CHARS + MAX_TOKEN_CHARS)).slice(
    0,
    MAX_LOGGED_CHARS,
  );
  return `${start}… (${text.length} characters)`;
}

/** Returns one protocol message for the debug log. */
export function describeMessage(
  direction: "in" | "out",
  message: unknown,
  tools: ActiveTools,
): string {
  return `${direction === "in" ? "→" : "←"} ${describe(message, tools)}`;
}

function describe(message: unknown, tools: ActiveTools): string {
  if (message === undefined) return "a line that is not JSON";
  if (!isObject(message)) return `no message: ${sizeOf(message)}`;
  const id = own(message, "id");
  const number = id === undefined ? "" : ` ${plain(writtenId(id))}`;
  const method = own(message, "method");
  if (method !== undefined) return `${word(method)}${number}${describeParams(message, tools)}`;
  const error = own(message, "error");
  if (isObject(error)) return `error${number}: ${plain(own(error, "code"))}`;
  return `answer${number}${describeResult(own(message, "result"))}`;
}

function describeParams(message: JsonObject, tools: ActiveTools): string {
  const params = own(message, "params");
  if (params === undefined) return "";
  if (!isObject(params)) return `: ${sizeOf(params)}`;
  switch (own(message, "method")) {
    case "tools/call":
      return `: ${describeCall(params, tools)}${describeReplies(params)}`;
    case "notifications/cancelled":
      return ` ${plain(writtenId(own(params, "requestId")))}`;
    case "initialize":
      return `: ${plain(own(params, "protocolVersion"))} ${
        describeClient(own(params, "clientInfo"), own(params, "capabilities"))
      }`;
    case "server/discover":
      return describeEnvelope(own(params, "_meta"));
    default:
      return `: ${namesOf(params)}`;
  }
}

function describeCall(params: JsonObject, { on, off }: ActiveTools): string {
  const called = own(params, "name");
  const tool = on.find((tool) => tool.name === called);
  const isOff = typeof called === "string" && off.has(called);
  const what = tool?.name ?? (isOff ? `${called} (off)` : "an unknown tool");
  const args = own(params, "arguments");
  if (!isObject(args)) return args === undefined ? what : `${what}, arguments: ${sizeOf(args)}`;
  const properties = tool?.description.inputSchema.properties ?? {};
  const known = Object.keys(properties).filter((key) => Object.hasOwn(args, key));
  const unknown = Object.keys(args).length - known.length;
  return [
    what,
    ...known.map((key) =>
      `${key}=${harmless(key, args[key], properties[key]) ?? unquoted(key, args[key])}`
    ),
    ...(unknown === 0 ? [] : [`and ${unknown} unknown`]),
  ].join(" ");
}

/** What the user answered, where a call is made again with it. */
function describeReplies(params: JsonObject): string {
  const responses = own(params, "inputResponses");
  if (!isObject(responses)) return "";
  const replies = Object.values(responses).slice(0, MAX_REPLIES)
    .map((response) => isObject(response) ? own(response, "action") : undefined);
  return `, answered: ${replies.map((action) => isReply(action) ? action : "?").join(" ")}`;
}

function isReply(action: unknown): action is "accept" | "decline" | "cancel" {
  return action === "accept" || action === "decline" || action === "cancel";
}

function describeEnvelope(meta: unknown): string {
  if (!isObject(meta)) return "";
  const client = describeClient(
    own(meta, metaKeys.clientInfo),
    own(meta, metaKeys.clientCapabilities),
  );
  return `: ${plain(own(meta, metaKeys.protocolVersion))} ${client}`;
}

function describeClient(client: unknown, capabilities: unknown): string {
  const declared = isObject(capabilities) ? namesOf(capabilities) : "none";
  return `${isObject(client) ? plain(own(client, "name")) : "a client"}, capabilities: ${declared}`;
}

function describeResult(result: unknown): string {
  if (!isObject(result)) return "";
  const action = own(result, "action");
  const failed = own(result, "isError") === true ? ", failed" : "";
  return `: ${isReply(action) ? action : namesOf(result)}${failed}`;
}

/** The members that MCP knows, and how much is in each; of others how many there are. */
function namesOf(object: JsonObject): string {
  const names = Object.keys(object);
  const known = names.filter((name) => words.has(name));
  const unknown = names.length - known.length;
  return [
    ...known.map((name) => `${name}=${sizeOf(object[name])}`),
    ...(unknown === 0 ? [] : [`and ${unknown} unknown`]),
  ].join(" ");
}

/** A word of MCP, or how long it is where it is none. */
function word(value: unknown): string {
  return words.has(value) ? String(value) : `<${sizeOf(value)}>`;
}

/** What a client calls itself, its version of MCP or its request: short, and of plain characters. */
function plain(value: unknown): string {
  if (typeof value === "number") return String(value);
  return isPlainName(value) ? value : `<${sizeOf(value)}>`;
}

function unquoted(key: string, value: unknown): string {
  return key === "username" ? `<${sizeOf(value)}>` : sizeOf(value);
}

function sizeOf(value: unknown): string {
  if (typeof value === "string") return `${value.length} characters`;
  if (Array.isArray(value)) return `${value.length} items`;
  return isObject(value)
    ? `${Object.keys(value).length} members`
    : value === null
    ? "null"
    : typeof value;
}

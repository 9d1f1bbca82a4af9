/**
 * Where a request belongs in a distributed trace (W3C Trace Context and W3C Baggage). What made the request
 * says so; it goes on to the daemon, unchanged, with each request that results.
 *
 * @module
 */
import type { AsyncLocalStorage } from "node:async_hooks";

/** Headers that pass a trace on. */
export interface TraceContext {
  /** Version, trace, span and flags: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`. */
  readonly traceparent: string;
  /** What tracing systems add. */
  readonly tracestate?: string | undefined;
  /** What the user's systems add. */
  readonly baggage?: string | undefined;
}

const MAX_TRACESTATE_CHARS = 512;
const MAX_TRACESTATE_MEMBERS = 32;
const MAX_BAGGAGE_CHARS = 8192;
const MAX_BAGGAGE_MEMBERS = 64;

const traceparentPattern =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const stateKey = "[a-z0-9][a-z0-9_*/-]{0,240}(?:@[a-z][a-z0-9_*/-]{0,13})?";
const tracestateMember = new RegExp(`^${stateKey}=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]$`);
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
// Without spaces before an empty value: if two parts could match them, a long list would take for ever.
const baggageValue = "(?:[ \\t]*[!#-+\\--:<-\\[\\]-~]+)?";
const baggageMember = new RegExp(
  `^${token}[ \\t]*=${baggageValue}` +
    `(?:[ \\t]*;[ \\t]*${token}(?:[ \\t]*=${baggageValue})?)*$`,
);

/**
 * Reads a trace from what carried it. What is not in the format is left out, as the specifications demand.
 *
 * @returns `undefined` without a valid `traceparent`
 */
export function readTraceContext(
  { traceparent, tracestate, baggage }: Readonly<Record<string, unknown>>,
): TraceContext | undefined {
  if (typeof traceparent !== "string" || !traceparentPattern.test(traceparent)) return undefined;
  return {
    traceparent,
    tracestate: listOf(tracestate, tracestateMember, MAX_TRACESTATE_CHARS, MAX_TRACESTATE_MEMBERS),
    baggage: listOf(baggage, baggageMember, MAX_BAGGAGE_CHARS, MAX_BAGGAGE_MEMBERS),
  };
}

function listOf(
  value: unknown,
  member: RegExp,
  maxChars: number,
  maxMembers: number,
): string | undefined {
  if (typeof value !== "string" || value.length > maxChars) return undefined;
  const members = value.split(",").map((text) => text.replaceAll(/^[ \t]+|(?<![ \t])[ \t]+$/g, ""))
    .filter((text) => text !== "");
  const isValid = members.length > 0 && members.length <= maxMembers &&
    members.every((text) => member.test(text));
  return isValid ? members.join(",") : undefined;
}

/** Loaded with the first trace: most clients send none. */
let storage: AsyncLocalStorage<TraceContext | undefined> | undefined;

/** Runs a call all of whose requests belong to a trace. */
export async function withTrace<T>(trace: TraceContext, call: () => Promise<T>): Promise<T> {
  const { AsyncLocalStorage } = await import("node:async_hooks");
  storage ??= new AsyncLocalStorage();
  return await storage.run(trace, call);
}

/** Runs a call that belongs to no trace: what it starts outlasts the request behind it. */
export function withoutTrace<T>(call: () => T): T {
  return storage === undefined ? call() : storage.run(undefined, call);
}

/** The headers of the trace that the running call belongs to; none without one. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const trace = storage?.getStore();
  if (trace === undefined) return {};
  const { traceparent, tracestate, baggage } = trace;
  return {
    traceparent,
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(baggage === undefined ? {} : { baggage }),
  };
}

/** Returns the id of the trace that the current call belongs to, if any. */
export function traceId(): string | undefined {
  return traceparentPattern.exec(storage?.getStore()?.traceparent ?? "")?.[1];
}

/** A log line with the trace that the running call belongs to, if there is one. */
export function traced(line: string): string {
  const id = traceId();
  return id === undefined ? line : `${line} (trace ${id})`;
}

/** What Node's codes mean, in the words of Go's clients. */
const byCode: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connection refused"],
  ["ECONNRESET", "connection reset by peer"],
  ["EHOSTUNREACH", "no route to host"],
  ["ENETUNREACH", "network is unreachable"],
  ["ENOTFOUND", "no such host"],
  ["EPIPE", "broken pipe"],
  ["ETIMEDOUT", "connection timed out"],
]);

/** Returns the last and most specific part of what a runtime threw for a connection: "connection refused". */
export function networkWords(error: unknown): string {
  const known = byCode.get(runtimeCode(error) ?? "");
  if (known !== undefined) return known;
  const last = runtimeWords(error).split(": ").at(-1) ?? "connection lost";
  const plain = last.replace(/ \(os error \d+\)$/, "");
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}

/**
 * Returns all that a runtime said; `fetch` puts it into the error's cause. It quotes the request's URL,
 * and so names from outside: search it only for what holds a space, which no URL does.
 */
export function runtimeWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Returns the code that Node gave an error: "ECONNREFUSED". */
export function runtimeCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return runtimeCode(error.cause);
}

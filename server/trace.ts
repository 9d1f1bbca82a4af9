/** What a person types or a recipe is told, which may be a password: shown by its length only. */
const typed = new Set(["command", "stdin", "text", "keys", "content", "parameters"]);
/** A message's share of the debug log. */
const MOST_LOGGED = 4_000;
/** No token is longer, so that one on the edge is seen whole and taken out. */
const LONGEST_TOKEN = 16_000;

/** One protocol message for the debug log, what was typed left out. */
export function describeMessage(
  direction: "in" | "out",
  message: unknown,
  redact: (text: string) => string,
): string {
  const line = direction === "in"
    ? `→ ${JSON.stringify(message, hideTyped)}`
    : `← ${JSON.stringify(message)}`;
  return excerpt(line, redact);
}

/** The start of a text that may be long, without secrets. */
export function excerpt(text: string, redact: (text: string) => string): string {
  if (text.length <= MOST_LOGGED) return redact(text);
  const start = redact(text.slice(0, MOST_LOGGED + LONGEST_TOKEN)).slice(0, MOST_LOGGED);
  return `${start}… (${text.length} characters)`;
}

function hideTyped(key: string, value: unknown): unknown {
  if (!typed.has(key) || value === null || value === undefined) return value;
  const length = typeof value === "string" ? value.length : JSON.stringify(value).length;
  return `<${length} characters>`;
}

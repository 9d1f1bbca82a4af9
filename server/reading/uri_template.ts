/** A longer URI addresses nothing here. */
const MAX_URI_CHARS = 2_000;

/**
 * Returns what stands in a URI in the places of a template's variables, decoded, or `undefined` if the URI
 * does not fit. A value holds no `/`, `?` or `#` as it stands in the URI (RFC 6570, simple expansion).
 */
export function matchUri(
  template: string,
  uri: string,
): Readonly<Record<string, string>> | undefined {
  if (uri.length > MAX_URI_CHARS) return undefined;
  const names: string[] = [];
  const pattern = template.split(/\{(\w+)\}/).map((part, at) => {
    if (at % 2 === 0) return RegExp.escape(part);
    names.push(part);
    return "([^/?#]+)";
  }).join("");
  const found = new RegExp(`^${pattern}$`).exec(uri);
  if (found === null) return undefined;
  const values = found.slice(1).map(decoded);
  return values.includes(undefined)
    ? undefined
    : Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""]));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Patterns of secrets, with their replacements. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\bctnr_[^\s"]+/g, "[token]"],
  [
    /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----|$)/g,
    "[private key]",
  ],
  // A password may contain a slash, so remove everything before the last @.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)\S{0,2000}@/gi, "$1***@"],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s?#"']{0,2000})\?[^\s"']+/gi, "$1?***"],
];

/**
 * Returns a text without likely secrets: tokens, private keys, and usernames, passwords and queries
 * in URLs. For logs and errors.
 */
export function withoutSecrets(text: string): string {
  const withoutJwts = text.replace(/[\w.-]+/g, hideJwts);
  return shapes.reduce((rest, [shape, shown]) => rest.replace(shape, shown), withoutJwts);
}

/**
 * Replaces the JWTs in a run of their characters. A single pattern would search for the dots again
 * from each `eyJ` on, in quadratic time.
 */
function hideJwts(run: string): string {
  const parts = run.split(".");
  const shown: string[] = [];
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? "";
    const start = part.search(/\beyJ[\w-]/);
    const isJwt = start !== -1 && index + 2 < parts.length && parts[index + 1] !== "";
    shown.push(isJwt ? `${part.slice(0, start)}[token]` : part);
    if (isJwt) index += 2;
  }
  return shown.join(".");
}

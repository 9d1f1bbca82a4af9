/** What a secret looks like, wherever it stands by mistake, and what is shown in its place. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\bctnr_[^\s"]+/g, "[token]"],
  [
    /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----|$)/g,
    "[private key]",
  ],
  // A password may hold a slash, so everything before the last @ goes.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)\S{0,2000}@/gi, "$1***@"],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s?#"']{0,2000})\?[^\s"']+/gi, "$1?***"],
];

/**
 * Returns a text without what looks like a secret: tokens, private keys, and usernames, passwords and
 * queries in URLs. For logs and errors, where nobody asked for any of that.
 */
export function withoutSecrets(text: string): string {
  const withoutJwts = text.replace(/[\w.-]+/g, hideJwts);
  return shapes.reduce((rest, [shape, shown]) => rest.replace(shape, shown), withoutJwts);
}

/**
 * Returns a run of a JWT's characters without the JWTs in it. One pattern for the whole would look for
 * its dots anew from each `eyJ` on, which takes the square of the run's length.
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

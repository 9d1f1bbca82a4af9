/** What a secret looks like, wherever it stands by mistake, and what is shown in its place. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*|\bctnr_[^\s"]+/g, "[token]"],
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
  return shapes.reduce((rest, [shape, shown]) => rest.replace(shape, shown), text);
}

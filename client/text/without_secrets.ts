/** Patterns of secrets, with their replacements. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\bctnr_[^\s"]+/g, "[token]"],
  [
    /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----|$)/g,
    "[private key]",
  ],
];

const scheme = /\b[a-z][a-z0-9+.-]{1,20}:\/\//i;

/**
 * Returns a text without likely secrets: tokens, private keys, and usernames, passwords and queries
 * in URLs. For logs and errors.
 */
export function withoutSecrets(text: string): string {
  const withoutJwts = text.replace(/[\w.-]+/g, hideJwts);
  return shapes.reduce((rest, [shape, shown]) => rest.replace(shape, shown), withoutJwts)
    .replace(/\S+/g, hideUser)
    .replace(/[^\s"']+/g, hideQuery);
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

/**
 * Hides the username and the password in a run without spaces that has a URL. A password may contain a slash,
 * so everything before the last @ goes.
 */
function hideUser(run: string): string {
  const found = run.includes("://") ? scheme.exec(run) : null;
  const start = found === null ? Infinity : found.index + found[0].length;
  const at = run.lastIndexOf("@");
  return at < start ? run : `${run.slice(0, start)}***${run.slice(at)}`;
}

/** Hides the query of the first URL that has one, up to the end of a run without spaces and quotes. */
function hideQuery(run: string): string {
  if (!run.includes("://")) return run;
  const pieces = run.split(/(?=[?#])/);
  const at = pieces.findIndex((piece, index) =>
    piece.startsWith("?") && (piece.length > 1 || index + 1 < pieces.length) &&
    scheme.test(pieces[index - 1] ?? "")
  );
  return at === -1 ? run : `${pieces.slice(0, at).join("")}?***`;
}

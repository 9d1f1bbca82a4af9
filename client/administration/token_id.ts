/** The daemon's own ids are 22 characters long. */
const idPattern = /^[\w.:~+/=-]{1,128}$/;

/**
 * Returns why a text cannot be the id of a token, or `undefined` if it can. The reason quotes nothing of the
 * text, which may be a token: the daemon would store it, and revoke nothing.
 */
export function tokenIdProblem(text: string): string | undefined {
  const isToken = /^\s*(?:authorization:|bearer\s|ctnr_)|\beyJ[\w-]{8}/i.test(text) ||
    text.split(".").length > 2;
  if (isToken) {
    return "this is a whole token, which belongs in no conversation: pass the value of its claim jti " +
      "(from its middle part), and replace the token";
  }
  return idPattern.test(text)
    ? undefined
    : "expected the value of a token's claim jti: at most 128 letters, digits and signs";
}

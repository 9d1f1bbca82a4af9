/**
 * The token. It leaves this file only as the value of an `Authorization` header.
 *
 * @module
 */
import { ContainariumError } from "../errors.ts";
import { readClaims, type TokenClaims } from "./token_claims.ts";

/** A token in a file, which is reread when it changes. */
export interface TokenFile {
  /** The file's path; it holds the token and nothing else. */
  readonly file: string;
  /**
   * Whether to accept a file that group or others can read.
   *
   * @default {false}
   */
  readonly allowShared?: boolean | undefined;
}

/** A token in `credentials.json`, saved for the daemon's address. */
export interface Credentials {
  /** The file's path: `~/.containarium/credentials.json`. */
  readonly credentialsFile: string;
}

/** The token or its file. */
export type TokenOption = string | TokenFile | Credentials;

const quotes: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
  ["\u201c", "\u201d"],
  ["\u2018", "\u2019"],
];

/**
 * Returns a text without surrounding white space and quotes, which may have been pasted with it.
 */
export function unquoted(text: string): string {
  const bare = text.trim();
  const isQuoted = bare.length > 1 &&
    quotes.some(([left, right]) => bare.startsWith(left) && bare.endsWith(right));
  return isQuoted ? unquoted(bare.slice(1, -1)) : bare;
}

/** Returns a token without what was pasted with it: quotes, and the header's `Bearer`. */
export function bareToken(text: string): string {
  const bare = unquoted(text);
  const [header] = /^(?:authorization:\s*)?bearer(?:\s+|$)/i.exec(bare) ?? [];
  return header === undefined ? bare : bareToken(bare.slice(header.length));
}

/** Returns whether a text is an unexpanded variable: `$VAR`, `${VAR}`, `%VAR%`. */
export function isPlaceholder(text: string): boolean {
  return /^(?:\$?\$?\{.*\}|\$env:\w+|\$[A-Z_][A-Z0-9_]*|%\w+%)$/.test(text);
}

/** Returns what looks wrong with a token, without quoting it, or `undefined` if it looks right. */
export function tokenDoubt(text: string): string | undefined {
  const bare = bareToken(text);
  if (bare.startsWith("ctnr_") || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(bare)) return undefined;
  const parts = bare.split(".").length;
  return bare.startsWith("eyJ") && parts < 3
    ? `it has ${parts} of the three parts that a JWT has: it was cut off when it was copied`
    // A space follows "ctnr_": the redaction of tokens would replace it otherwise.
    : "it looks neither like a JWT (eyJ…, three parts with dots between them) nor like a hosted " +
      "token (ctnr_ and more)";
}

/** Minimum length of a token to redact: redacting "a" would garble every line. */
const MIN_SECRET_CHARS = 8;

/** Holds a token and never shows it, not even to `console.log` or `JSON.stringify`. */
export class Token {
  /** Claims of a JWT, unverified; absent for other tokens. */
  readonly claims: TokenClaims | undefined;
  readonly #value: string;
  /** What is taken out of texts: the token, as it stands in JSON if that differs, and its signature alone. */
  readonly #secrets: readonly string[];

  /**
   * @param value The token as the daemon issued it; quotes, `Bearer` and white space before and
   * after it are dropped
   * @throws {ContainariumError} `invalid_argument` if it is empty or cannot be a header's value
   */
  constructor(value: string) {
    this.#value = bareToken(value);
    if (this.#value === "") {
      throw new ContainariumError("invalid_argument", "The token is empty");
    }
    if (isPlaceholder(this.#value)) {
      throw new ContainariumError(
        "invalid_argument",
        "The token is the name of a variable that was not filled in",
      );
    }
    if (!/^[\x21-\x7e]+$/.test(this.#value)) {
      throw new ContainariumError(
        "invalid_argument",
        "The token has white space or other characters that tokens do not contain; copy it again, on one line",
      );
    }
    this.claims = readClaims(this.#value);
    const inJson = JSON.stringify(this.#value).slice(1, -1);
    this.#secrets = [this.#value, inJson, this.#value.split(".")[2] ?? ""]
      .filter((secret, at, all) => all.indexOf(secret) === at && secret.length >= MIN_SECRET_CHARS);
  }

  /** Number of its characters. */
  get length(): number {
    return this.#value.length;
  }

  /** Returns the value of the `Authorization` header. */
  authorization(): string {
    return `Bearer ${this.#value}`;
  }

  /** Returns `text` with the token, and its signature alone, redacted. */
  redact(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, "[token]"), text);
  }

  /** Shown in place of the token. */
  toString(): string {
    return "[token]";
  }

  /** Shown in place of the token. */
  toJSON(): string {
    return "[token]";
  }
}

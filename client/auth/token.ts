/**
 * The token. It leaves this file in one way only: as the value of an `Authorization` header.
 *
 * @module
 */
import { ContainariumError } from "../errors.ts";
import { readClaims, type TokenClaims } from "./token_claims.ts";

/** A token in a file, which is read again when it has changed. */
export interface TokenFile {
  /** The file's path; it holds the token and nothing else. */
  readonly file: string;
  /**
   * Whether group and others may be able to read it.
   *
   * @default {false}
   */
  readonly allowShared?: boolean | undefined;
}

/** A token among others in `credentials.json`, filed under the daemon's address. */
export interface Credentials {
  /** The file's path: `~/.containarium/credentials.json`. */
  readonly credentialsFile: string;
}

/** The token itself, or where it is kept. */
export type TokenOption = string | TokenFile | Credentials;

const quotes: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
  ["\u201c", "\u201d"],
  ["\u2018", "\u2019"],
];

/** A text without the white space and the quotes around it, which may have been pasted with it. */
export function unquoted(text: string): string {
  const bare = text.trim();
  const isQuoted = bare.length > 1 &&
    quotes.some(([left, right]) => bare.startsWith(left) && bare.endsWith(right));
  return isQuoted ? unquoted(bare.slice(1, -1)) : bare;
}

/** A token without what it was pasted with: quotes, and the `Bearer` of its header. */
export function bareToken(text: string): string {
  const bare = unquoted(text);
  const [header] = /^(?:authorization:\s*)?bearer(?:\s+|$)/i.exec(bare) ?? [];
  return header === undefined ? bare : bareToken(bare.slice(header.length));
}

/** Whether a text is the name of a variable that was to be filled in: `$VAR`, `${VAR}`, `%VAR%`. */
export function isPlaceholder(text: string): boolean {
  return /^(?:\$?\$?\{.*\}|\$env:\w+|\$[A-Z_][A-Z0-9_]*|%\w+%)$/.test(text);
}

/** Says what is odd about a text that is to be a token, without showing it; nothing where it looks like one. */
export function tokenDoubt(text: string): string | undefined {
  const bare = bareToken(text);
  if (bare.startsWith("ctnr_") || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(bare)) return undefined;
  const parts = bare.split(".").length;
  return bare.startsWith("eyJ") && parts < 3
    ? `it has ${parts} of the three parts that a JWT has: it was cut off when it was copied`
    // "ctnr_" stands before a space: the redaction of tokens would take any other character for one.
    : "it looks neither like a JWT (eyJ…, three parts with dots between them) nor like a hosted " +
      "token (ctnr_ and more)";
}

/** No real token, nor a signature, is shorter; taking out "a" would garble every line. */
const SHORTEST_SECRET = 8;

/** Holds a token and never shows it, not even to `console.log` or `JSON.stringify`. */
export class Token {
  /** What a JWT says of itself, unverified; absent of a token that is none. */
  readonly claims: TokenClaims | undefined;
  readonly #value: string;
  /** What is taken out of texts: the token, as it stands in JSON if that differs, and its signature alone. */
  readonly #secrets: readonly string[];

  /**
   * @param value The token as the daemon issued it; quotes, `Bearer` and white space before and after it
   * are dropped
   * @throws {ContainariumError} `invalid_argument` when it is empty or cannot stand in a header
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
      .filter((secret, at, all) => all.indexOf(secret) === at && secret.length >= SHORTEST_SECRET);
  }

  /** The value of the `Authorization` header. */
  authorization(): string {
    return `Bearer ${this.#value}`;
  }

  /** `text` with every occurrence of the token, and of its signature alone, taken out. */
  redact(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, "[token]"), text);
  }

  /** What is shown in place of the token. */
  toString(): string {
    return "[token]";
  }

  /** What is shown in place of the token. */
  toJSON(): string {
    return "[token]";
  }
}

/**
 * The token. It leaves this file in one way only: as the value of an `Authorization` header.
 *
 * @module
 */
import { ContainariumError } from "./errors.ts";
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
  readonly allowShared?: boolean;
}

/** A token among others in `credentials.json`, filed under the daemon's address. */
export interface Credentials {
  /** The file's path: `~/.containarium/credentials.json`. */
  readonly credentialsFile: string;
}

/** The token itself, or where it is kept. */
export type TokenOption = string | TokenFile | Credentials;

/** No real token, nor a signature, is shorter; taking out "a" would garble every line. */
const SHORTEST_SECRET = 8;

/** Holds a token and never shows it, not even to `console.log` or `JSON.stringify`. */
export class Token {
  /** What a JWT says of itself, unverified; absent of a token that is none. */
  readonly claims: TokenClaims | undefined;
  readonly #value: string;

  /**
   * @param value The token as the daemon issued it; surrounding white space is dropped
   * @throws {ContainariumError} `invalid_argument` when it is empty or cannot stand in a header
   */
  constructor(value: string) {
    this.#value = value.trim();
    if (this.#value === "") {
      throw new ContainariumError("invalid_argument", "The token is empty");
    }
    if (!/^[\x21-\x7e]+$/.test(this.#value)) {
      throw new ContainariumError(
        "invalid_argument",
        "The token has white space or other characters that no token has; copy it again, on one line",
      );
    }
    this.claims = readClaims(this.#value);
  }

  /** The value of the `Authorization` header. */
  authorization(): string {
    return `Bearer ${this.#value}`;
  }

  /** `text` with every occurrence of the token, and of its signature alone, taken out. */
  redact(text: string): string {
    if (this.#value.length < SHORTEST_SECRET) return text;
    const signature = this.#value.split(".")[2];
    const inJson = JSON.stringify(this.#value).slice(1, -1);
    const redacted = text.replaceAll(this.#value, "[token]").replaceAll(inJson, "[token]");
    return signature !== undefined && signature.length >= SHORTEST_SECRET
      ? redacted.replaceAll(signature, "[token]")
      : redacted;
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

/**
 * The JWT. It leaves this file in one way only: as the value of an `Authorization` header.
 *
 * @module
 */
import { ContainariumError } from "./errors.ts";

/** No real token, nor a signature, is shorter; taking out "a" would garble every line. */
const SHORTEST_SECRET = 16;

/** Holds a token and never shows it, not even to `console.log` or `JSON.stringify`. */
export class Token {
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
  }

  /** The value of the `Authorization` header. */
  authorization(): string {
    return `Bearer ${this.#value}`;
  }

  /** `text` with every occurrence of the token, and of its signature alone, taken out. */
  redact(text: string): string {
    if (this.#value.length < SHORTEST_SECRET) return text;
    const signature = this.#value.split(".")[2];
    const redacted = text.replaceAll(this.#value, "[token]");
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

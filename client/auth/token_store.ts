/**
 * Provides the current token: rereads its file when it changes, and remembers earlier tokens, so
 * that none of them is logged.
 *
 * @module
 */
import { readCredentials } from "./credentials.ts";
import { ContainariumError, type ErrorInit } from "../errors.ts";
import { readTextFile } from "./text_file.ts";
import { Token, type TokenFile, type TokenOption } from "./token.ts";

/** Number of tokens remembered for redaction: a day of hourly rotation. */
const REMEMBERED = 24;

/** A read of the token's file. */
type Reading = {
  /** State of the file before it, to detect changes. */
  readonly stamp: string;
  readonly token: Promise<Token>;
};

/** Provides the current token. */
export class TokenStore {
  readonly #option: TokenOption;
  readonly #serverUrl: URL;
  readonly #seen: Token[] = [];
  #reading: Reading | undefined;

  /**
   * @param serverUrl Destination of the token: one from `credentials.json` goes only to its own
   * address
   * @throws {ContainariumError} `invalid_argument` for an invalid token
   */
  constructor(option: TokenOption, serverUrl: URL) {
    this.#option = option;
    this.#serverUrl = serverUrl;
    if (typeof option === "string") this.#remember(new Token(option));
  }

  /**
   * Returns the current token.
   *
   * @throws {ContainariumError} `unauthenticated` if its file cannot be used
   */
  async current(): Promise<Token> {
    const option = this.#option;
    if (typeof option === "string") {
      const [fixed] = this.#seen;
      if (fixed === undefined) throw new Error("unreachable: a fixed token is read at once");
      return fixed;
    }
    const path = "file" in option ? option.file : option.credentialsFile;
    const info = await stat(path);
    if (info.isDirectory) throw unusable(path, "it is a directory; specify the file in it");
    if ("file" in option) refuseShared(option, info);
    const stamp = [info.mtime?.getTime(), info.size, info.ino].join(" ");
    // Calls at the same time share a read, and none of them returns the token of the file before.
    if (this.#reading?.stamp !== stamp) this.#reading = { stamp, token: this.#read(path) };
    const reading = this.#reading;
    try {
      return await reading.token;
    } catch (error) {
      // The file can become readable without a change of its own.
      if (this.#reading === reading) this.#reading = undefined;
      throw error;
    }
  }

  /** Returns `text` without any current or earlier token. */
  redact(text: string): string {
    return this.#seen.reduce((redacted, token) => token.redact(redacted), text);
  }

  async #read(path: string): Promise<Token> {
    const text = await readFile(path);
    const value = typeof this.#option === "object" && "credentialsFile" in this.#option
      ? readCredentials(text, path).tokenFor(this.#serverUrl)
      : text;
    try {
      const token = new Token(value);
      this.#remember(token);
      return token;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw unusable(path, reason);
    }
  }

  /** A file may be written again with the same token, which must not displace others. */
  #remember(token: Token): void {
    const header = token.authorization();
    if (this.#seen.some((seen) => seen.authorization() === header)) return;
    this.#seen.unshift(token);
    this.#seen.length = Math.min(this.#seen.length, REMEMBERED);
  }
}

/** Where Kubernetes and Docker mount secrets, with their own modes. */
const secretMounts = /^\/(?:var\/)?run\/secrets\/(?!(?:.*\/)?\.\.(?:\/|$))/;

function refuseShared({ file, allowShared = false }: TokenFile, { mode }: Deno.FileInfo): void {
  const isShared = mode !== null && (mode & 0o077) !== 0;
  if (!isShared || allowShared || Deno.build.os === "windows" || secretMounts.test(file)) return;
  throw unusable(
    file,
    `group or others can read it (mode ${(mode & 0o777).toString(8).padStart(4, "0")})`,
    { reason: "token_file_shared" },
  );
}

function stat(path: string): Promise<Deno.FileInfo> {
  return Deno.stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

function readFile(path: string): Promise<string> {
  return readTextFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

function unreadable(path: string, cause: unknown): ContainariumError {
  if (cause instanceof Deno.errors.NotFound) return unusable(path, "no such file", { cause });
  if (cause instanceof Deno.errors.NotCapable) {
    return unusable(
      path,
      "this process may not read it",
      { reason: "token_file_denied", cause },
    );
  }
  return unusable(path, cause instanceof Error ? cause.message : String(cause), { cause });
}

function unusable(path: string, why: string, init: ErrorInit = {}): ContainariumError {
  return new ContainariumError("unauthenticated", `Token file ${path}: ${why}`, {
    reason: "token_unusable",
    details: { file: path },
    ...init,
  });
}

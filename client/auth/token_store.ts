/**
 * Keeps the token in force: reads it from its file again when that has changed, and knows those
 * that were in force before, so that none of them gets into a log.
 *
 * @module
 */
import { readCredentials } from "./credentials.ts";
import { ContainariumError, type ErrorInit } from "../errors.ts";
import { readTextFile } from "./text_file.ts";
import { Token, type TokenFile, type TokenOption } from "./token.ts";

/** How many tokens are remembered for redaction: as many as a day of hourly rotation brings. */
const REMEMBERED = 24;

/** A file's state, by which a change is noticed. */
type Stamp = string;

/** Gives the token in force. */
export class TokenStore {
  readonly #option: TokenOption;
  readonly #serverUrl: URL;
  readonly #seen: Token[] = [];
  #stamp: Stamp | undefined;

  /**
   * @param serverUrl Where the token goes: one of `credentials.json` goes only to its own address
   * @throws {ContainariumError} `invalid_argument` for a token that cannot be one
   */
  constructor(option: TokenOption, serverUrl: URL) {
    this.#option = option;
    this.#serverUrl = serverUrl;
    if (typeof option === "string") this.#remember(new Token(option));
  }

  /**
   * The token in force.
   *
   * @throws {ContainariumError} `unauthenticated` when its file cannot be used
   */
  async current(): Promise<Token> {
    const [known] = this.#seen;
    if (typeof this.#option === "string") {
      if (known === undefined) throw new Error("unreachable: a fixed token is read at once");
      return known;
    }
    const path = "file" in this.#option ? this.#option.file : this.#option.credentialsFile;
    const info = await stat(path);
    if (info.isDirectory) throw unusable(path, "it is a directory; specify the file in it");
    if ("file" in this.#option) refuseShared(this.#option, info);
    const stamp = [info.mtime?.getTime(), info.size, info.ino].join(" ");
    if (known !== undefined && stamp === this.#stamp) return known;
    const token = await this.#read(path);
    this.#stamp = stamp;
    this.#remember(token);
    return token;
  }

  /** The token that was in force last, without looking whether it has changed. */
  get last(): Token | undefined {
    return this.#seen[0];
  }

  /** `text` without any token that was in force. */
  redact(text: string): string {
    return this.#seen.reduce((redacted, token) => token.redact(redacted), text);
  }

  async #read(path: string): Promise<Token> {
    const text = await readFile(path);
    const value = typeof this.#option === "object" && "credentialsFile" in this.#option
      ? readCredentials(text, path).tokenFor(this.#serverUrl)
      : text;
    try {
      return new Token(value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw unusable(path, reason);
    }
  }

  #remember(token: Token): void {
    this.#seen.unshift(token);
    this.#seen.length = Math.min(this.#seen.length, REMEMBERED);
  }
}

/** Where secrets are mounted by others, with modes that are theirs to choose. */
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

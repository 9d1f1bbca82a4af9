import { containerName } from "../containers/username.ts";
import type { CallOptions } from "../async/call_options.ts";
import { delay } from "../async/delay.ts";
import { ContainariumError } from "../errors.ts";
import { cksum } from "../terminal/cksum.ts";
import type { RunResult } from "../terminal/run_options.ts";
import type { ContainerTerminal } from "../terminal/terminal.ts";
import { AuthorizedKeys } from "./authorized_keys.ts";
import { exits, readScript, replaceScript, type Version } from "./edit_script.ts";

/** Maximum attempts while others edit the same file. */
const ATTEMPTS = 20;
const MAX_PAUSE_MS = 80;
const MAX_BYTES = 1024 * 1024;

/** Returns the new keys, or `undefined` to leave them as they are. */
export type Edit = (
  keys: AuthorizedKeys,
) => Promise<AuthorizedKeys | undefined> | AuthorizedKeys | undefined;

interface FileState {
  readonly keys: AuthorizedKeys;
  readonly version: Version;
}

/** The `authorized_keys` of a container's user, for logins without a sentinel. */
export class KeyFile {
  readonly #terminal: ContainerTerminal;
  readonly #username: string;

  /**
   * @param terminal Runs commands in the container
   * @param username Owner of the container
   */
  constructor(terminal: ContainerTerminal, username: string) {
    this.#terminal = terminal;
    this.#username = username;
  }

  /** Reads the file; a missing one is empty. */
  async read(options: CallOptions): Promise<AuthorizedKeys> {
    return (await this.#read(options)).keys;
  }

  /**
   * Edits the file atomically. If others change it meanwhile, it is read again.
   *
   * @param edit May be called again
   * @returns The new content
   */
  async edit(edit: Edit, options: CallOptions): Promise<AuthorizedKeys> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { keys, version } = await this.#read(options);
      const wanted = await edit(keys);
      if (wanted === undefined) return keys;
      if (await this.#replace(version, wanted, options)) return wanted;
      await delay(Math.random() * MAX_PAUSE_MS, options.signal);
    }
    throw new ContainariumError(
      "conflict",
      `authorized_keys of ${containerName(this.#username)} kept being changed by others, so ` +
        "nothing was changed; call again",
    );
  }

  async #read({ signal }: CallOptions): Promise<FileState> {
    const result = await this.#terminal.run(readScript, {
      maxBytes: MAX_BYTES,
      signal,
    }).catch((error: unknown) => {
      throw this.#lost(error, "unavailable", "read, so nothing was changed");
    });
    if (result.exitCode === exits.missing) {
      return { keys: new AuthorizedKeys(new Uint8Array()), version: "none" };
    }
    if (result.exitCode !== 0 || result.timedOut) throw this.#failure(result);
    if (result.truncated) {
      throw this.#precondition(`is larger than ${MAX_BYTES} bytes, which is not read`);
    }
    const bytes = new Uint8Array(result.stdout);
    return { keys: new AuthorizedKeys(bytes), version: versionOf(bytes) };
  }

  /** Returns false if the file has changed since it was read. */
  async #replace(
    before: Version,
    { bytes }: AuthorizedKeys,
    { signal }: CallOptions,
  ): Promise<boolean> {
    const result = await this.#terminal.run(replaceScript(before, versionOf(bytes)), {
      stdin: bytes,
      signal,
    }).catch((error: unknown) => {
      throw this.#lost(error, "ambiguous", "replaced: it is whole, either the old one or the new");
    });
    if (result.exitCode === exits.changed) return false;
    if (result.exitCode !== 0 || result.timedOut) throw this.#failure(result);
    return true;
  }

  /** Rewrites an ambiguous command failure in terms of the file. */
  #lost(error: unknown, code: "ambiguous" | "unavailable", whileIt: string): unknown {
    const isLost = error instanceof ContainariumError &&
      (error.code === "ambiguous" || (error.code === "timeout" && code === "ambiguous"));
    return isLost
      ? new ContainariumError(
        code,
        `${this.#place}: the response was lost while it was ${whileIt}`,
        { reason: "response_lost", cause: error },
      )
      : error;
  }

  #failure(result: RunResult): ContainariumError {
    if (result.timedOut) {
      return new ContainariumError("timeout", `${this.#place} did not respond in time`);
    }
    switch (result.exitCode) {
      case exits.noHome:
        return this.#precondition("has no home directory to be in");
      case exits.symlink:
        return this.#precondition(
          "is a symbolic link, or its folder is one, which is not followed: the user has to see " +
            "where it leads, and edit that file themselves",
        );
      case exits.noFolder:
        return this.#precondition("has no folder, and that cannot be made: the disk may be full");
      case exits.notOwn:
        return this.#precondition(
          `or its folder does not belong to ${this.#username}, or is not a regular file: it is left alone`,
        );
      case exits.notWritten:
        return this.#precondition("cannot be written and is unchanged: the disk may be full");
      case exits.noCksum:
        return this.#precondition("cannot be edited safely: the container lacks cksum");
      default:
        return this.#unexpected(result);
    }
  }

  #unexpected({ exitCode, stderr }: RunResult): ContainariumError {
    const said = new TextDecoder().decode(stderr).trim().slice(-200);
    return new ContainariumError(
      "internal",
      `Cannot read or edit ${this.#place}: its script ended with exit code ${exitCode}`,
      { containerText: said === "" ? undefined : said },
    );
  }

  #precondition(what: string): ContainariumError {
    return new ContainariumError("failed_precondition", `${this.#place} ${what}`);
  }

  get #place(): string {
    return `~/.ssh/authorized_keys in ${containerName(this.#username)}`;
  }
}

function versionOf(bytes: Uint8Array): Version {
  return `${cksum(bytes)} ${bytes.length}`;
}

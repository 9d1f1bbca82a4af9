import { containerName } from "../containers/username.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError, type ErrorInit, restate } from "../errors.ts";
import type { RunResult } from "../terminal/run_options.ts";
import type { ContainerTerminal } from "../terminal/terminal.ts";
import {
  exits,
  hashScript,
  listScript,
  oddScript,
  placeScript,
  statScript,
} from "./folder_scripts.ts";
import { folderWord } from "./remote_folder.ts";
import { nameOf } from "./tree.ts";

/** Something in a folder of a container. All of it is text from outside. */
export interface RemoteEntry {
  /** Its path below the folder; its name may be anything. */
  readonly path: string;
  /** What it is; `other` is a pipe, a socket or a device. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** Its size in bytes. */
  readonly size: number;
  /** Its permissions. */
  readonly mode: number;
  /** When it was last changed, in seconds since 1970. */
  readonly modifiedSeconds: number;
}

/** What a script is run with besides the call's own options. */
interface ScriptOptions extends CallOptions {
  readonly stdin?: string | Uint8Array | undefined;
  readonly maxBytes?: number | undefined;
}

/** A script over many files may take long; the call's signal ends it. */
const SCRIPT_MS = 30 * 60_000;
/** Room for 10,000 records with long paths. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** A folder in a container, seen and changed through shell scripts. */
export class ContainerFolder {
  /** The folder as a word of a shell script. */
  readonly word: string;
  /** How messages call it: `~/work in alice-container`. */
  readonly label: string;
  readonly #terminal: ContainerTerminal;
  readonly #name: string;

  /** @throws {ContainariumError} `invalid_argument` for a folder that cannot be one */
  constructor(terminal: ContainerTerminal, username: string, folder: string) {
    this.#terminal = terminal;
    this.#name = containerName(username);
    this.word = folderWord(folder);
    this.label = `${folder} in ${this.#name}`;
  }

  /** Returns what is there, and whether the container has gzip. */
  async place(
    call: CallOptions,
  ): Promise<{ readonly kind: string; readonly hasGzip: boolean }> {
    const [kind = "", gzip] = textOf(await this.run(placeScript(this.word), call)).split("\n");
    return { kind, hasGzip: gzip === "gzip" };
  }

  /** Returns those of the paths that exist. A link is not followed. */
  async look(paths: readonly string[], call: CallOptions): Promise<Map<string, RemoteEntry>> {
    if (paths.length === 0) return new Map();
    const mark = newMark();
    const result = await this.run(statScript(this.word, mark), {
      ...call,
      stdin: namesOf(paths),
      maxBytes: MAX_LIST_BYTES,
    });
    return new Map(this.#records(result, mark).map((entry) => [entry.path, entry]));
  }

  /** Returns everything in it, except folders of these names with what is in them. */
  async list(pruned: readonly string[], call: CallOptions): Promise<readonly RemoteEntry[]> {
    const mark = newMark();
    const script = listScript(this.word, mark, pruned);
    return this.#records(await this.run(script, { ...call, maxBytes: MAX_LIST_BYTES }), mark);
  }

  /** Returns the SHA-256 of files by path; what cannot be read is left out. */
  async hash(paths: readonly string[], call: CallOptions): Promise<Map<string, string>> {
    const hashes = new Map<string, string>();
    const plain = paths.filter((path) => !isOdd(path));
    if (plain.length > 0) {
      const result = await this.run(hashScript(this.word), {
        ...call,
        stdin: namesOf(plain),
        maxBytes: MAX_LIST_BYTES,
      });
      for (const line of textOf(result).split("\n")) {
        const [, hash, path] = /^([0-9a-f]{64}) [ *]\.\/(.*)$/.exec(line) ?? [];
        if (hash !== undefined && path !== undefined) hashes.set(path, hash);
      }
    }
    for (const [path, record] of await this.#odd(paths.filter(isOdd), call)) {
      const hash = record.slice(0, 64);
      if (/^[0-9a-f]{64}$/.test(hash)) hashes.set(path, hash);
    }
    return hashes;
  }

  /** Returns where links lead, by path. */
  async targets(paths: readonly string[], call: CallOptions): Promise<Map<string, string>> {
    const records = await this.#odd(paths, call);
    return new Map([...records].map(([path, record]) => [path, record.replace(/\n$/, "")]));
  }

  /**
   * Runs a script.
   *
   * @throws {ContainariumError} If it fails; `failed_precondition` with what it printed
   */
  async run(script: string, { stdin, maxBytes, signal }: ScriptOptions): Promise<RunResult> {
    const result = await this.#terminal.run(script, {
      stdin,
      maxBytes,
      signal,
      timeoutMs: SCRIPT_MS,
    }).catch((error: unknown) => {
      const isLost = error instanceof ContainariumError && error.code === "ambiguous";
      throw isLost
        ? restate(
          error,
          `The connection to ${this.#name} was lost. Each file is whole, either ` +
            "the old one or the new, and calling again goes on from there",
          { code: "unavailable" },
        )
        : error;
    });
    if (result.exitCode === 0 && !result.truncated && !result.timedOut) return result;
    throw this.#failure(result);
  }

  async #odd(paths: readonly string[], call: CallOptions): Promise<Map<string, string>> {
    if (paths.length === 0) return new Map();
    const mark = newMark();
    const result = await this.run(oddScript(this.word, mark), {
      ...call,
      stdin: namesOf(paths),
      maxBytes: MAX_LIST_BYTES,
    });
    const [, ...records] = textOf(result).split(`${mark} `);
    return new Map(paths.map((path, at) => [path, records[at] ?? ""]));
  }

  #records(result: RunResult, mark: string): readonly RemoteEntry[] {
    const [, ...records] = textOf(result).split(`${mark} `);
    return records.flatMap((record) => readRecord(record) ?? []);
  }

  #failure({ exitCode, timedOut, truncated, stdout, stderr }: RunResult): ContainariumError {
    const init: ErrorInit = { containerText: new TextDecoder().decode(stderr).slice(-1_000) };
    const fail = (words: string, more: ErrorInit = {}) =>
      new ContainariumError("failed_precondition", words, { ...init, ...more });
    if (timedOut) return new ContainariumError("timeout", `${this.label} took too long to read`);
    if (truncated) {
      return new ContainariumError(
        "resource_exhausted",
        `${this.label} holds too much to list: choose a folder below it`,
      );
    }
    switch (exitCode) {
      case exits.missing:
        return new ContainariumError("not_found", `There is no ${this.label}`, {
          reason: "folder_missing",
        });
      case exits.notFolder:
        return fail(`${this.label} is not a folder that its owner may enter`);
      case exits.noTool: {
        const tool = new TextDecoder().decode(stdout).trim().replaceAll(/[^\w-]/g, "");
        return new ContainariumError(
          "unsupported",
          `${this.#name} has no ${tool}, which is needed to transfer files`,
          { reason: "tool_missing" },
        );
      }
      case exits.notWritten:
        return fail(`Cannot write to ${this.label}`);
      case exits.notEqual:
        return fail(`A file arrived damaged in ${this.label}`);
      default:
        return fail(`A script failed in ${this.label} with exit code ${exitCode}`);
    }
  }
}

/** Returns a mark that records begin with. */
export function newMark(): string {
  return crypto.getRandomValues(new Uint8Array(12)).toHex();
}

function namesOf(paths: readonly string[]): string {
  return paths.map((path) => `./${path}\0`).join("");
}

/** Whether `sha256sum` may print a name otherwise than it is. */
function isOdd(path: string): boolean {
  return /[\\\p{Cc}]/u.test(path);
}

/** A name that is not UTF-8 gets U+FFFD here, which no path of a tree may hold. */
function textOf({ stdout }: RunResult): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(stdout);
}

function readRecord(record: string): RemoteEntry | undefined {
  const [, mode, size, seconds, path] =
    /^([0-9a-f]{1,8}) (\d{1,18}) (-?\d{1,14}) \.\/([^]*)\n$/.exec(record) ?? [];
  if (mode === undefined || path === undefined || nameOf(path) === "") return undefined;
  const bits = Number.parseInt(mode, 16);
  return {
    path,
    kind: kinds.get(bits & 0o170000) ?? "other",
    size: Number(size),
    mode: bits & 0o7777,
    modifiedSeconds: Number(seconds),
  };
}

/** By the type of a file in its mode. */
const kinds: ReadonlyMap<number, RemoteEntry["kind"]> = new Map([
  [0o100000, "file"],
  [0o040000, "folder"],
  [0o120000, "link"],
]);

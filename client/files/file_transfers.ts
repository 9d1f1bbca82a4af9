import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import type { ContainerTerminal } from "../terminal/terminal.ts";
import type { FetchOptions } from "./fetch_folder.ts";
import type { ContainerFolder } from "./container_folder.ts";
import type { SyncOptions, SyncResult } from "./sync_folder.ts";
import type { FileSource, FileTarget, Removal, Replacement, TransferResult } from "./transfer.ts";
import { nameOf } from "./tree.ts";

/** Gives access to containers. */
interface Terminals {
  of(username: string): ContainerTerminal;
}

/**
 * Files of containers, as their owner, over the terminal: neither SSH nor a key is needed. What differs is
 * transferred, by size and SHA-256, and every file appears whole.
 */
export class FileTransfers {
  readonly #terminals: Terminals;

  /**
   * Created by the client.
   *
   * @param terminals Run commands in containers
   */
  constructor(terminals: Terminals) {
    this.#terminals = terminals;
  }

  /**
   * Sends what differs to a folder in a running container. What is equal is not sent, so that a call after an
   * interrupted one goes on where that one stopped.
   *
   * @param remote The folder, made if it is missing: `~/work`, or a path below the owner's home
   * @throws {ContainariumError} `failed_precondition` if the container does not run or the folder cannot be
   * written; `resource_exhausted` for more than 10,000 entries or 200 MB; `unsupported` if it has no tar;
   * `unavailable` if the connection is lost
   *
   * @example Send two files
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient, type FileEntry } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const texts = new Map([["index.html", "<h1>Hello</h1>"], ["css/main.css", "h1 { color: teal }"]]);
   * const source = {
   *   entries: [...texts].map(([path, { length: size }]): FileEntry => ({ kind: "file", path, size })),
   *   open: (path: string) => Promise.resolve(new Blob([texts.get(path) ?? ""]).stream()),
   * };
   * const first = await client.files.sync("alice", "~/site", source);
   * const second = await client.files.sync("alice", "~/site", source);
   * assertEquals([first.transferred, second.transferred, second.unchanged], [2, 0, 2]);
   * await client.closeTerminals();
   * ```
   */
  async sync(
    username: string,
    remote: string,
    source: FileSource,
    options: SyncOptions = {},
  ): Promise<SyncResult> {
    using call = new CallDeadline(options);
    const { syncFolder } = await import("./sync_folder.ts");
    return await syncFolder(source, await this.#folder(username, remote), options, call);
  }

  /**
   * Returns what `sync` with `delete` would remove from the container. Nothing is changed.
   *
   * @throws {ContainariumError} As `sync`
   *
   * @example What is too much there?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.terminal("alice").run("mkdir site && echo old >site/old.html");
   * const nothing = { entries: [], open: () => Promise.reject(new Error("There is no file")) };
   * const removals = await client.files.findRemovals("alice", "~/site", nothing);
   * assertEquals(removals.map(({ path }) => path), ["old.html"]);
   * await client.closeTerminals();
   * ```
   */
  async findRemovals(
    username: string,
    remote: string,
    source: FileSource,
    options: CallOptions = {},
  ): Promise<readonly Removal[]> {
    using call = new CallDeadline(options);
    const { findRemovals } = await import("./sync_folder.ts");
    return await findRemovals(source, await this.#folder(username, remote), call);
  }

  /**
   * Fetches what differs from a folder, or one file, of a running container. Links, repositories (`.git`) and
   * whatever is no file are left out. What arrives is checked against the SHA-256 that was read before.
   *
   * @throws {ContainariumError} As `sync`; `not_found` if it is not there
   *
   * @example Fetch results
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient, type FileTarget } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.terminal("alice").run("mkdir out && echo 42 >out/answer");
   * const [parts, files] = [new Map<string, Uint8Array<ArrayBuffer>>(), new Map<string, Uint8Array<ArrayBuffer>>()];
   * const target: FileTarget = {
   *   look: () => Promise.resolve({ kind: "absent" }),
   *   open: () => Promise.reject(new Error("There is no file")),
   *   makeFolder: () => Promise.resolve(),
   *   collected: () => Promise.resolve(0),
   *   collect: (hash, _offset, bytes) => Promise.resolve(void parts.set(hash, new Uint8Array(bytes))),
   *   openCollected: (hash) => Promise.resolve(new Blob([parts.get(hash) ?? ""]).stream()),
   *   discard: () => Promise.resolve(),
   *   finish: ({ path, hash }) => {
   *     files.set(path, parts.get(hash) ?? new Uint8Array());
   *     return Promise.resolve(true);
   *   },
   * };
   * await client.files.fetchFolder("alice", "~/out", target);
   * assertEquals(new TextDecoder().decode(files.get("answer")), "42\n");
   * await client.closeTerminals();
   * ```
   */
  async fetchFolder(
    username: string,
    remote: string,
    target: FileTarget,
    options: FetchOptions = {},
  ): Promise<TransferResult> {
    using call = new CallDeadline(options);
    const { fetchFolder } = await import("./fetch_folder.ts");
    const { folder, only } = await this.#existing(username, remote, call);
    return await fetchFolder(folder, only, target, options, call);
  }

  /**
   * Returns which files of a target `fetchFolder` would replace. Nothing is changed.
   *
   * @throws {ContainariumError} As `fetchFolder`
   *
   * @example Nothing is replaced
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.terminal("alice").run("mkdir out && echo 42 >out/answer");
   * const target = {
   *   look: () => Promise.resolve({ kind: "absent" as const }),
   *   open: () => Promise.reject(new Error("There is no file")),
   * };
   * assertEquals(await client.files.findReplacements("alice", "~/out", target), []);
   * await client.closeTerminals();
   * ```
   */
  async findReplacements(
    username: string,
    remote: string,
    target: Pick<FileTarget, "look" | "open">,
    options: CallOptions = {},
  ): Promise<readonly Replacement[]> {
    using call = new CallDeadline(options);
    const { findReplacements } = await import("./fetch_folder.ts");
    const { folder, only } = await this.#existing(username, remote, call);
    return await findReplacements(folder, only, target, call);
  }

  /** Imported on first use, like what needs it: the scripts are long. */
  async #folder(username: string, remote: string): Promise<ContainerFolder> {
    const { ContainerFolder } = await import("./container_folder.ts");
    return new ContainerFolder(this.#terminals.of(username), username, remote);
  }

  /** Returns a folder, or the folder of a file and its name. */
  async #existing(
    username: string,
    remote: string,
    call: CallOptions,
  ): Promise<{ readonly folder: ContainerFolder; readonly only?: string }> {
    const folder = await this.#folder(username, remote);
    const { kind } = await folder.place(call);
    switch (kind) {
      case "folder":
        return { folder };
      case "file": {
        const above = /^(.*)\/[^/]+$/.exec(remote)?.[1];
        const parent = above === undefined ? "~" : above === "" ? "/" : above;
        return { folder: await this.#folder(username, parent), only: nameOf(remote) };
      }
      case "missing":
        throw new ContainariumError("not_found", `There is no ${folder.label}`, {
          reason: "folder_missing",
        });
      default:
        throw new ContainariumError(
          "failed_precondition",
          `${folder.label} is neither a folder nor a file`,
        );
    }
  }
}

/** The terminals of one daemon, and the insides of its containers that they lead to. @module */

import { appendToJournal, appendToPodman } from "./fakes.ts";
import { Inside, removeAll } from "./inside.ts";
import type { Screen } from "./pty.ts";
import { type Delivery, Scratch } from "./scratch.ts";
import type { JournalEntry, Leftovers, ShellOptions } from "./shell_types.ts";
import type { InstanceState } from "./types.ts";
import type { Disks } from "./zfs.ts";

/** A WebSocket, as far as it concerns a container. */
export interface Line {
  /** Ends it with its TCP connection, without a word. */
  cut(): void;
  /** Ends its TCP connection with a reset. */
  reset(): void;
}

/** A terminal as its WebSocket sees it. */
export interface Terminal {
  /** Types. Resolves when there is room for more. */
  type(text: string): Promise<void>;
  /** The WebSocket is gone: what runs there goes on, and nobody reads what it writes. */
  leave(): void;
}

/** What a daemon knows of a container that concerns its inside. */
export interface Outside {
  readonly state: InstanceState;
  /** The keys that it was made with. */
  readonly sshKeys: readonly string[];
  /** The secrets that the daemon has put into it. */
  readonly delivered: Delivery;
}

/** The terminals of one daemon. */
export class Shells implements Disks {
  /** How they are. */
  readonly options: ShellOptions;
  readonly #parent = Deno.makeTempDirSync({ prefix: "containarium-" });
  readonly #insides = new Map<string, Inside>();
  readonly #ends = new Set<Promise<void>>();
  readonly #find: (username: string) => Outside | undefined;
  #made = 0;

  /** @param find Finds a container */
  constructor(options: ShellOptions, find: (username: string) => Outside | undefined) {
    this.options = options;
    this.#find = find;
  }

  /** The home of that container's user, a folder on this machine. */
  home(username: string): string {
    return this.#inside(username).scratch.home;
  }

  /** Copies the home of that container's user. */
  async keep(username: string, snapshot: string): Promise<void> {
    await this.#inside(username).keepHome(snapshot);
  }

  /** Makes that home what was copied. */
  async bringBack(username: string, snapshot: string): Promise<void> {
    await this.#inside(username).bringBackHome(snapshot);
  }

  /** Removes a copy. */
  async drop(username: string, snapshot: string): Promise<void> {
    await this.#inside(username).dropHome(snapshot);
  }

  /** Logs in on a new terminal, from an environment with those secrets that are variables. */
  open(username: string, line: Line, screen: Screen): Terminal {
    const variables = this.#find(username)?.delivered.env ?? [];
    return this.#inside(username).open(line, screen, Object.fromEntries(variables));
  }

  /** Puts a container's secrets into its files. */
  deliver(username: string): void {
    const outside = this.#find(username);
    if (outside !== undefined) this.#insides.get(username)?.scratch.deliver(outside.delivered);
  }

  /** WebSockets open now. */
  terminals(username: string): number {
    return this.#insides.get(username)?.lines.size ?? 0;
  }

  /** Resets their connections. */
  dropTerminals(username: string): void {
    for (const line of [...this.#insides.get(username)?.lines ?? []]) line.reset();
  }

  /** What is still there of a container's terminals. */
  async leftovers(username: string): Promise<Leftovers> {
    await this.emptied();
    return await this.#insides.get(username)?.leftovers() ?? { processes: [], files: [] };
  }

  /** Adds an entry to that container's journal. */
  logJournal(username: string, entry: JournalEntry): void {
    appendToJournal(this.#inside(username).scratch.folder, entry);
  }

  /** Adds text to the log of a container of podman's in that container. */
  logPodman(username: string, name: string, text: string): void {
    appendToPodman(this.#inside(username).scratch.folder, name, text);
  }

  /** Ends everything in containers that do not run any more; of those that are gone, the home too. */
  follow(): void {
    for (const [username, inside] of this.#insides) {
      const state: InstanceState | undefined = this.#find(username)?.state;
      if (state === "CONTAINER_STATE_RUNNING") continue;
      if (state === undefined) this.#insides.delete(username);
      if (state === undefined) this.#inBackground(inside.remove());
      else if (inside.isUsed) this.#inBackground(inside.end());
    }
  }

  /** Resolves when nothing runs any more in containers that do not run. */
  async emptied(): Promise<void> {
    await Promise.all(this.#ends);
  }

  /** Ends everything, and removes every folder. */
  async close(): Promise<void> {
    await Promise.all([...this.#insides.values()].map((inside) => inside.remove()));
    await this.emptied();
    await removeAll(this.#parent);
  }

  #inside(username: string): Inside {
    const known = this.#insides.get(username);
    if (known !== undefined) return known;
    // The next of the same name is another.
    this.#made += 1;
    const folder = `${this.#parent}/${encodeURIComponent(username)}.${this.#made}`;
    const outside = this.#find(username);
    const scratch = new Scratch(folder, username, this.options, outside?.sshKeys ?? []);
    if (outside !== undefined) scratch.deliver(outside.delivered);
    const inside = new Inside(scratch);
    this.#insides.set(username, inside);
    return inside;
  }

  #inBackground(work: Promise<void>): void {
    const running = work.finally(() => this.#ends.delete(running));
    this.#ends.add(running);
  }
}

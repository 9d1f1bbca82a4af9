/** The `zfs` command of the host, in the words of the recorded one, a stand-in: snapshots of containers' datasets. @module */

import type { Container } from "./container.ts";
import type { Store } from "./store.ts";

/** A snapshot of a container's dataset. */
export interface Snapshot {
  readonly name: string;
  /** What is freed when it alone is destroyed: nothing, while nothing was written since. */
  usedBytes: number;
}

/** Keeps what is on containers' disks; where there are none, a snapshot holds nothing. */
export interface Disks {
  /** Copies what is there now. */
  keep(username: string, snapshot: string): Promise<void>;
  /** Makes it what was kept. */
  bringBack(username: string, snapshot: string): Promise<void>;
  /** Forgets what was kept. */
  drop(username: string, snapshot: string): Promise<void>;
}

/** What the command's end and its stderr give, as the daemon appends it. */
export class ZfsFailure extends Error {
  /** The class's name. */
  override readonly name = "ZfsFailure";
}

/** A rollback that other snapshots stand in the way of. */
export class NewerSnapshots extends ZfsFailure {}

/** What a snapshot refers to. */
export const referencedBytes = 132_960_256;
const blockBytes = 4096;
const longestName = 255;

/** Where a container's dataset is. */
export function datasetOf(username: string): string {
  return `/var/lib/incus/storage-pools/default/containers/${username}-container`;
}

/** The command. */
export class Zfs {
  /** What is on the disks, where something is. */
  disks: Disks | undefined;
  readonly #isInstalled: boolean;
  readonly #store: Store;

  /** @param isInstalled Without it every call fails as on a host without ZFS */
  constructor(isInstalled: boolean, store: Store) {
    this.#isInstalled = isInstalled;
    this.#store = store;
  }

  /** `zfs list -t snapshot`, oldest first, those of Incus too. */
  list(username: string): readonly Snapshot[] {
    return this.#dataset(username, "").snapshots;
  }

  /** `zfs snapshot`. */
  async snapshot(username: string, name: string): Promise<void> {
    const { snapshots } = this.#dataset(username, name);
    const path = `${datasetOf(username)}@${name}`;
    const problem = path.length > longestName
      ? "dataset name is too long"
      : unusable(name) ?? (has(snapshots, name) ? "dataset already exists" : undefined);
    if (problem !== undefined) throw failed(`cannot create snapshot '${path}': ${problem}`);
    await this.disks?.keep(username, name);
    add(snapshots, name);
  }

  /** `zfs destroy`: `a,b` are two, `a%b` a range, `%` all of them. */
  async destroy(username: string, wanted: string): Promise<void> {
    const { snapshots } = this.#dataset(username, wanted);
    const found = wanted.split(",").flatMap((part) => matching(snapshots, part));
    if (found.length === 0) {
      throw failed("could not find any snapshots to destroy; check snapshot names.");
    }
    for (const snapshot of found) await this.#remove(username, snapshots, snapshot);
  }

  /** Whether `zfs get keystatus` says that the dataset can be read. */
  isReadable(username: string): boolean {
    return this.#dataset(username, "").keyLoaded;
  }

  /** `zfs rollback`, with `-r` where newer ones may be destroyed; gives their names. */
  async rollback(
    username: string,
    name: string,
    destroyNewer: boolean,
  ): Promise<readonly string[]> {
    const { snapshots } = this.#dataset(username, name);
    const path = `${datasetOf(username)}@${name}`;
    const at = snapshots.findIndex((snapshot) => snapshot.name === name);
    if (at < 0) throw failed(`cannot open '${path}': dataset does not exist`);
    const newer = snapshots.slice(at + 1);
    if (newer.length > 0 && !destroyNewer) {
      const names = newer.map((snapshot) => `\n${datasetOf(username)}@${snapshot.name}`).join("");
      throw new NewerSnapshots(
        `cannot rollback to '${path}': more recent snapshots or bookmarks exist\n` +
          `use '-r' to force deletion of the following snapshots and bookmarks:${names}`,
      );
    }
    for (const snapshot of newer) await this.#remove(username, snapshots, snapshot);
    await this.disks?.bringBack(username, name);
    return newer.map((snapshot) => snapshot.name);
  }

  async #remove(username: string, snapshots: Snapshot[], snapshot: Snapshot): Promise<void> {
    const at = snapshots.indexOf(snapshot);
    if (at >= 0) snapshots.splice(at, 1);
    await this.disks?.drop(username, snapshot.name);
  }

  #dataset(username: string, argument: string): Container {
    if (!this.#isInstalled) {
      throw new ZfsFailure('exec: "zfs": executable file not found in $PATH: ');
    }
    if (argument.includes("\0")) {
      throw new ZfsFailure("fork/exec /usr/sbin/zfs: invalid argument: ");
    }
    const container = this.#store.find(username);
    if (container !== undefined) return container;
    throw failed(`cannot open '${datasetOf(username)}': dataset does not exist`);
  }
}

/** Whether a snapshot is not one of Incus's own. */
export function isOwn({ name }: Snapshot): boolean {
  return !name.startsWith("snapshot-");
}

/** Those that a container has from the start. */
export function seededSnapshots(names: readonly string[]): Snapshot[] {
  const snapshots: Snapshot[] = [];
  for (const name of names) add(snapshots, name);
  return snapshots;
}

function add(snapshots: Snapshot[], name: string): void {
  const own = snapshots.filter(isOwn);
  const newest = own.at(-1);
  // As the recorded one counts it: what is written after a snapshot goes over what that one holds.
  if (newest?.usedBytes === 0) newest.usedBytes = blockBytes * (own.length + 1);
  snapshots.push({ name, usedBytes: 0 });
}

function failed(stderr: string): ZfsFailure {
  return new ZfsFailure(`exit status 1: ${stderr}`);
}

function has(snapshots: readonly Snapshot[], name: string): boolean {
  return snapshots.some((snapshot) => snapshot.name === name);
}

function unusable(name: string): string | undefined {
  const [character] = name.match(/[^A-Za-z0-9_.: -]/u) ?? [];
  return character === undefined ? undefined : `invalid character '${character}' in name`;
}

function matching(snapshots: readonly Snapshot[], part: string): readonly Snapshot[] {
  const [first = "", last] = part.split("%");
  const from = first === "" ? 0 : snapshots.findIndex(({ name }) => name === first);
  if (last === undefined) return first === "" || from < 0 ? [] : snapshots.slice(from, from + 1);
  const to = last === "" ? snapshots.length - 1 : snapshots.findIndex(({ name }) => name === last);
  return from < 0 || to < 0 ? [] : snapshots.slice(from, to + 1);
}

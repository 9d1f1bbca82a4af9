import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import { quote } from "../text/shell_quote.ts";
import { unpack } from "./archive.ts";
import { Budget } from "./budget.ts";
import { checkEntries } from "./checked_entries.ts";
import type { ContainerFolder, RemoteEntry } from "./container_folder.ts";
import { digestOf, digestOfBytes } from "./digest.ts";
import { batchesOf } from "./sender.ts";
import type {
  FileTarget,
  LocalState,
  Replacement,
  TransferOptions,
  TransferResult,
} from "./transfer.ts";
import { byPath, type FileEntry, type SkippedEntry, type TreeEntry } from "./tree.ts";
import { CHUNK_BYTES } from "./write_scripts.ts";

/** Options of a fetch. */
export interface FetchOptions extends TransferOptions {
  /**
   * Which files of the target may be replaced: no others are, and none that has changed since.
   *
   * @default All that differ
   */
  readonly agreed?: readonly Replacement[] | undefined;
}

/** A file of a container that the target has not, or not so. */
interface WantedFile {
  readonly entry: FileEntry;
  readonly hash: string;
  readonly replaces: LocalState;
}

/** What a fetch has to do. */
interface FetchPlan {
  readonly files: readonly WantedFile[];
  readonly folders: readonly string[];
  readonly unchanged: number;
  readonly skipped: readonly SkippedEntry[];
}

/** Makes a target hold what a folder in a container has; nothing is removed. */
export async function fetchFolder(
  folder: ContainerFolder,
  only: string | undefined,
  target: FileTarget,
  options: FetchOptions,
  call: CallOptions,
): Promise<TransferResult> {
  const startedAt = performance.now();
  const plan = await planFetch(folder, only, target, call);
  const known = options.agreed &&
    new Map(options.agreed.map((one) => [one.path, `${one.size} ${one.modifiedMs}`]));
  const isAgreed = ({ entry: { path }, replaces }: WantedFile) =>
    replaces.kind !== "file" || known === undefined ||
    known.get(path) === `${replaces.size} ${replaces.modifiedMs}`;
  const wanted = plan.files.filter(isAgreed);
  const total = wanted.reduce((sum, { entry }) => sum + entry.size, 0);
  const receiver = new Receiver(folder, target, new Budget(total, startedAt, options), call);
  for (const path of plan.folders) await target.makeFolder(path);
  const complete = await receiver.receive(wanted);
  const why = "the file here is new or has changed since its replacement was agreed to";
  const notAgreed = plan.files.filter((file) => !isAgreed(file))
    .map(({ entry: { path } }) => ({ path, why }));
  return {
    complete,
    transferred: receiver.received,
    transferredBytes: receiver.receivedBytes,
    unchanged: plan.unchanged,
    skipped: [...plan.skipped, ...notAgreed, ...receiver.skipped].toSorted(byPath),
  };
}

/** Returns which files of the target {@linkcode fetchFolder} would replace. */
export async function findReplacements(
  folder: ContainerFolder,
  only: string | undefined,
  target: Pick<FileTarget, "look" | "open">,
  call: CallOptions,
): Promise<readonly Replacement[]> {
  const { files } = await planFetch(folder, only, target, call);
  return files.flatMap(({ entry: { path }, replaces }) =>
    replaces.kind === "file" ? [{ path, size: replaces.size, modifiedMs: replaces.modifiedMs }] : []
  );
}

async function planFetch(
  folder: ContainerFolder,
  only: string | undefined,
  target: Pick<FileTarget, "look" | "open">,
  call: CallOptions,
): Promise<FetchPlan> {
  const listed = only === undefined
    ? await folder.list([".git"], call)
    : [...(await folder.look([only], call)).values()];
  const skipped: SkippedEntry[] = [];
  const fit = listed.flatMap((entry): TreeEntry[] => {
    const why = problemOf(entry);
    if (why === undefined) return [entryOf(entry)];
    skipped.push({ path: entry.path, why });
    return [];
  });
  const { entries, skipped: unfit } = checkEntries(fit, folder.label);
  skipped.push(...unfit);
  const folders: string[] = [];
  const candidates: { readonly entry: FileEntry; readonly replaces: LocalState }[] = [];
  for (const entry of entries) {
    call.signal?.throwIfAborted();
    const replaces = await target.look(entry.path);
    if (entry.kind === "file" && (replaces.kind === "absent" || replaces.kind === "file")) {
      candidates.push({ entry, replaces });
    } else if (entry.kind === "folder" && replaces.kind === "absent") folders.push(entry.path);
    else if (entry.kind !== "folder" || replaces.kind !== "folder") {
      skipped.push({ path: entry.path, why: "something of another kind is in its place here" });
    }
  }
  const hashes = await folder.hash(candidates.map(({ entry }) => entry.path), call);
  const files: WantedFile[] = [];
  let unchanged = 0;
  for (const { entry, replaces } of candidates) {
    call.signal?.throwIfAborted();
    const { path, size } = entry;
    const hash = hashes.get(path);
    const isAlike = replaces.kind === "file" && replaces.size === size;
    const ours = isAlike ? await hashAt(target, path) : "";
    if (hash === undefined) skipped.push({ path, why: "its owner cannot read it" });
    else if (ours === undefined) skipped.push({ path, why: "the file here cannot be read" });
    else if (ours === hash) unchanged += 1;
    else files.push({ entry, hash, replaces });
  }
  return { files, folders, unchanged, skipped };
}

/** Returns the hash of a file of the target, or `undefined` if it cannot be read, or not any more. */
async function hashAt(
  target: Pick<FileTarget, "open">,
  path: string,
): Promise<string | undefined> {
  try {
    return await digestOf(await target.open(path));
  } catch (error) {
    if (error instanceof ContainariumError) throw error;
    return undefined;
  }
}

/** Returns why something is not fetched. */
function problemOf({ path, kind }: RemoteEntry): string | undefined {
  if (kind === "link") return "links are not fetched";
  if (kind === "other") return "it is a pipe, a socket or a device";
  return path.split("/").some(isRepository)
    ? "a repository's own folder could run programs here"
    : undefined;
}

/** Whether git, on whatever system, would take a name for a repository's folder. */
function isRepository(name: string): boolean {
  const plain = name.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "").replace(/[. ]+$/, "");
  return /^(?:\.git|git~\d+)(?::.*)?$/i.test(plain);
}

function entryOf({ path, kind, size, mode, modifiedSeconds }: RemoteEntry): TreeEntry {
  if (kind === "folder") return { kind, path };
  const modifiedAt = new Date(Math.min(Math.max(0, modifiedSeconds), 2 ** 40) * 1_000);
  return { kind: "file", path, size, mode: mode & 0o755 | 0o600, modifiedAt };
}

/** Receives files; what is complete is in place, so that a later call goes on after it. */
class Receiver {
  received = 0;
  receivedBytes = 0;
  readonly skipped: SkippedEntry[] = [];
  readonly #folder: ContainerFolder;
  readonly #target: FileTarget;
  readonly #budget: Budget;
  readonly #call: CallOptions;

  constructor(folder: ContainerFolder, target: FileTarget, budget: Budget, call: CallOptions) {
    this.#folder = folder;
    this.#target = target;
    this.#budget = budget;
    this.#call = call;
  }

  /** Receives everything that the time allows; returns whether that was all. */
  async receive(files: readonly WantedFile[]): Promise<boolean> {
    const byName = new Map(files.map((file) => [file.entry.path, file]));
    const small = files.map(({ entry }) => entry).filter(({ size }) => size <= CHUNK_BYTES);
    for (const batch of batchesOf(small)) {
      if (this.#budget.isOver) return false;
      if (!await this.#receiveBatch(batch.flatMap(({ path }) => byName.get(path) ?? []))) {
        return false;
      }
    }
    for (const file of files.filter(({ entry }) => entry.size > CHUNK_BYTES)) {
      if (!await this.#receiveLarge(file)) return false;
    }
    return true;
  }

  /** Returns whether the time allowed all of them. */
  async #receiveBatch(files: readonly WantedFile[]): Promise<boolean> {
    const bytes = files.reduce((sum, { entry }) => sum + entry.size, 0);
    const names = files.map(({ entry }) => quote(`./${entry.path}`)).join(" ");
    // What is missing by now is reported below.
    const script = `cd -- ${this.#folder.word} && tar -cf - -- ${names} 2>/dev/null\nexit 0\n`;
    const maxBytes = 2 * (bytes + 1_536 * files.length + 64 * 1024) +
      files.reduce((sum, { entry }) => sum + 4 * entry.path.length, 0);
    const stdout = await this.#outputOf(script, maxBytes);
    // One of them has grown: read one after the other, it costs the others nothing.
    if (stdout === undefined) {
      for (const file of files) if (!await this.#receiveLarge(file)) return false;
      return true;
    }
    const found = await unpackOrNothing(stdout);
    for (const file of files) {
      const content = found.get(file.entry.path);
      if (content === undefined || await digestOfBytes(content) !== file.hash) {
        this.#skipChanged(file);
      } else {
        await this.#target.collect(file.hash, 0, content);
        await this.#finish(file);
      }
    }
    this.#budget.advance(bytes);
    return true;
  }

  /** Returns what a script prints, or `undefined` if that is too much. */
  async #outputOf(script: string, maxBytes: number): Promise<Uint8Array | undefined> {
    try {
      return (await this.#folder.run(script, { ...this.#call, maxBytes })).stdout;
    } catch (error) {
      if (error instanceof ContainariumError && error.code === "resource_exhausted") {
        return undefined;
      }
      throw error;
    }
  }

  async #receiveLarge(file: WantedFile): Promise<boolean> {
    const { entry: { path, size }, hash } = file;
    const have = await this.#target.collected(hash);
    let offset = Math.floor(Math.min(have, size) / CHUNK_BYTES) * CHUNK_BYTES;
    this.#budget.advance(offset);
    if (size === 0) await this.#target.collect(hash, 0, new Uint8Array());
    while (offset < size) {
      if (this.#budget.isOver) return false;
      const script = `cd -- ${this.#folder.word} && dd if=${quote(`./${path}`)} ` +
        `bs=${CHUNK_BYTES} skip=${offset / CHUNK_BYTES} count=1 2>/dev/null\n`;
      const options = { ...this.#call, maxBytes: CHUNK_BYTES };
      const { stdout } = await this.#folder.run(script, options);
      if (stdout.length !== Math.min(CHUNK_BYTES, size - offset)) break;
      await this.#target.collect(hash, offset, stdout);
      this.#budget.advance(stdout.length);
      offset += stdout.length;
    }
    const isWhole = offset >= size &&
      await digestOf(await this.#target.openCollected(hash)) === hash;
    if (isWhole) await this.#finish(file);
    else {
      await this.#target.discard(hash);
      this.#skipChanged(file);
    }
    return true;
  }

  async #finish({ entry: { path, size, mode = 0o644, modifiedAt }, hash, replaces }: WantedFile) {
    try {
      const named = { path, hash, mode, modifiedAt: modifiedAt ?? new Date(), replaces };
      if (!await this.#target.finish(named)) {
        this.skipped.push({ path, why: "the file here has just changed" });
        return;
      }
      this.received += 1;
      this.receivedBytes += size;
    } catch (error) {
      this.#call.signal?.throwIfAborted();
      if (!(error instanceof ContainariumError)) throw error;
      this.skipped.push({ path, why: error.message });
      await this.#target.discard(hash);
    }
  }

  #skipChanged({ entry: { path } }: WantedFile): void {
    this.skipped.push({ path, why: "it changed while it was read; another call fetches it" });
  }
}

/** A container may send anything. */
async function unpackOrNothing(archive: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  try {
    return await unpack(archive);
  } catch {
    return new Map();
  }
}

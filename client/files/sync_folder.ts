import type { CallOptions } from "../async/call_options.ts";
import { Budget } from "./budget.ts";
import { checkEntries } from "./checked_entries.ts";
import type { ContainerFolder, RemoteEntry } from "./container_folder.ts";
import { findDifferences } from "./differences.ts";
import { Sender } from "./sender.ts";
import type { FileSource, Removal, TransferOptions, TransferResult } from "./transfer.ts";
import { ContainariumError } from "../errors.ts";
import { byPath, parentOf, type SkippedEntry, STAGING, treePathProblem } from "./tree.ts";
import { removeScript } from "./write_scripts.ts";

/** Options of a synchronization. */
export interface SyncOptions extends TransferOptions {
  /**
   * Whether files and links in the container are removed that are not in the source, and not excluded.
   *
   * @default {false}
   */
  readonly delete?: boolean | undefined;
  /**
   * What may be removed: nothing else is, and nothing that has changed since.
   *
   * @default Whatever is not in the source
   */
  readonly agreed?: readonly Removal[] | undefined;
}

/** What a synchronization did. */
export interface SyncResult extends TransferResult {
  /** Paths of files and links that were removed: text from outside. */
  readonly removed: readonly string[];
  /** Number of files whose permissions alone were changed. */
  readonly modesChanged: number;
}

/** Names in one script of removals. */
const REMOVALS_A_SCRIPT = 2_000;

/** Makes a folder in a container hold what a source has. */
export async function syncFolder(
  source: FileSource,
  folder: ContainerFolder,
  options: SyncOptions,
  call: CallOptions,
): Promise<SyncResult> {
  const startedAt = performance.now();
  const { exists, hasGzip } = await lookAtPlace(folder, call);
  const removal = options.delete === true && exists
    ? await removeOthers(source, folder, options.agreed, call)
    : { removed: [], skipped: [] };
  const differences = await findDifferences(source, folder, exists, call);
  const { files, modes, unchanged } = differences;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const budget = new Budget(total, startedAt, options);
  const sender = new Sender(source, folder, budget, hasGzip, call);
  if (!exists) await sender.begin();
  const complete = await sender.send(differences);
  return {
    complete,
    transferred: sender.sent,
    transferredBytes: sender.sentBytes,
    unchanged,
    modesChanged: modes.length,
    removed: removal.removed,
    skipped: [...differences.skipped, ...sender.skipped, ...removal.skipped].toSorted(byPath),
  };
}

/** Returns what {@linkcode syncFolder} with `delete` would remove. */
export async function findRemovals(
  source: FileSource,
  folder: ContainerFolder,
  call: CallOptions,
): Promise<readonly Removal[]> {
  const { exists } = await lookAtPlace(folder, call);
  return exists ? (await findOthers(source, folder, call)).removals : [];
}

async function lookAtPlace(
  folder: ContainerFolder,
  call: CallOptions,
): Promise<{ readonly exists: boolean; readonly hasGzip: boolean }> {
  const { kind, hasGzip } = await folder.place(call);
  if (kind === "folder" || kind === "missing") return { exists: kind === "folder", hasGzip };
  throw new ContainariumError("failed_precondition", `${folder.label} is not a folder`);
}

async function removeOthers(
  source: FileSource,
  folder: ContainerFolder,
  agreed: readonly Removal[] | undefined,
  call: CallOptions,
): Promise<{ readonly removed: readonly string[]; readonly skipped: readonly SkippedEntry[] }> {
  const { removals, folders } = await findOthers(source, folder, call);
  const known = agreed && new Map(agreed.map((removal) => [removal.path, factsOf(removal)]));
  const isAgreed = (removal: Removal) =>
    known === undefined || known.get(removal.path) === factsOf(removal);
  const removed = removals.filter(isAgreed).map(({ path }) => path);
  for (let at = 0; at < removed.length || at === 0; at += REMOVALS_A_SCRIPT) {
    const some = removed.slice(at, at + REMOVALS_A_SCRIPT);
    const isLast = at + REMOVALS_A_SCRIPT >= removed.length;
    await folder.run(removeScript(folder.word, some, isLast ? folders : []), call);
  }
  const why = "it is new or has changed since the removals were agreed to, and was not removed";
  return {
    removed,
    skipped: removals.filter((removal) => !isAgreed(removal)).map(({ path }) => ({ path, why })),
  };
}

/** Returns what is in the container and not in the source. */
async function findOthers(
  source: FileSource,
  folder: ContainerFolder,
  call: CallOptions,
): Promise<{ readonly removals: readonly Removal[]; readonly folders: readonly string[] }> {
  const { entries, skipped } = checkEntries(source.entries, "The folder to send");
  const kinds = new Map(entries.map(({ path, kind }) => [path, kind]));
  const there = await folder.list(source.excludedNames ?? [], call);
  const isLeft = exclusion(source, new Set(skipped.map(({ path }) => path)));
  const others = there.filter(({ path, kind }) =>
    kinds.get(path) !== kind && isRemovable(path) && !isLeft(path, kind)
  );
  return {
    removals: others.filter(({ kind }) => kind === "file" || kind === "link")
      .map(({ path, size, modifiedSeconds }) => ({ path, size, modifiedSeconds })),
    folders: others.filter(({ kind }) => kind === "folder").map(({ path }) => path),
  };
}

/** A name that is not UTF-8 cannot be written in a script. */
function isRemovable(path: string): boolean {
  return treePathProblem(path) === undefined && !path.split("/").includes(STAGING);
}

/** Returns whether something or a folder that it is in is excluded, or is in the source and cannot be sent. */
function exclusion(
  source: FileSource,
  unfit: ReadonlySet<string>,
): (path: string, kind: RemoteEntry["kind"]) => boolean {
  const folders = new Map<string, boolean>([["", false]]);
  const isOne = (path: string, isFolder: boolean) =>
    unfit.has(path) || source.isExcluded?.(path, isFolder) === true;
  const isFolderExcluded = (path: string): boolean => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const is = isFolderExcluded(parentOf(path)) || isOne(path, true);
    folders.set(path, is);
    return is;
  };
  return (path, kind) =>
    kind === "folder"
      ? isFolderExcluded(path)
      : isFolderExcluded(parentOf(path)) || isOne(path, false);
}

function factsOf({ size, modifiedSeconds }: Removal): string {
  return `${size} ${modifiedSeconds}`;
}

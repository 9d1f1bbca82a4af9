import type { RecordSink } from "../server/record/record_entry.ts";
import { howToGrant } from "../tools/mod.ts";
import { UsageError } from "./usage_error.ts";

/** The file that changes are recorded in. */
export interface RecordFile {
  /** Its path. */
  readonly path: string;
  /** Its name for messages: `--audit FILE`. */
  readonly label: string;
}

/**
 * Checks that a file can be appended to, and returns what appends entries to it, one a line. A file that is
 * not there is made, for nobody else to read.
 *
 * @throws {UsageError} If it cannot be written; names the permission that is missing
 */
export async function openRecord({ path, label }: RecordFile): Promise<RecordSink> {
  // Queried first: the process must not try what is not granted.
  const { state } = await Deno.permissions.query({ name: "write", path });
  if (state !== "granted") {
    throw new UsageError(
      `${label}: this process may not write it; ${howToGrant("it", { write: path })}`,
    );
  }
  try {
    (await openToAppend(path)).close();
  } catch (error) {
    const remedy = error instanceof Deno.errors.NotFound ? ". Create its folder first" : "";
    throw new UsageError(`${label} cannot be opened: ${reasonOf(error)}${remedy}`);
  }
  let isTorn = false;
  let written = Promise.resolve();
  const append = async (line: string) => {
    try {
      // Opened for each line: a file that was moved away is followed by a new one.
      using file = await openToAppend(path);
      const bytes = new TextEncoder().encode(isTorn ? `\n${line}\n` : `${line}\n`);
      isTorn = true;
      // One write as a rule: what another process appends comes before the line or after it.
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await file.write(rest));
      isTorn = false;
      await file.sync();
    } catch (error) {
      throw new Error(`${label} cannot be written: ${reasonOf(error)}`, { cause: error });
    }
  };
  return (entry) => {
    const done = written.then(() => append(JSON.stringify(entry)));
    written = done.catch(() => {});
    return done;
  };
}

function openToAppend(path: string): Promise<Deno.FsFile> {
  return Deno.open(path, { append: true, create: true, mode: 0o600 });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

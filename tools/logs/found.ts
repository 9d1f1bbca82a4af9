import type { Reading } from "./run_reader.ts";

/** Where entries can be from. */
export const logSources = ["journal", "log_files", "file", "podman"] as const;

/** What was found where a log was looked for. */
export interface Found {
  /** The entries. */
  readonly reading: Reading;
  /** Where they are from. */
  readonly source: typeof logSources[number];
  /** The file that was read, by its real path. */
  readonly path?: string;
  /** What may be missing, and why. */
  readonly partial?: string;
}

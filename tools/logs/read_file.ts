import type { ContainerTerminal } from "../../client/mod.ts";
import { visible } from "../text/visible.ts";
import { fileReader, fileRefusals } from "./file.ts";
import type { Found } from "./found.ts";
import type { LogQuery } from "./query.ts";
import { readLog, type ReadOptions } from "./run_reader.ts";
import { failed, refuse, refuseFilter } from "./read_refusal.ts";

/**
 * Reads the end of one file.
 *
 * @throws {ContainariumError} `invalid_argument` where it may not be read
 */
export async function readFile(
  terminal: ContainerTerminal,
  query: LogQuery,
  path: string,
  options: ReadOptions,
): Promise<Found> {
  const reader = fileReader(query, path);
  const reading = await readLog(terminal, reader, options);
  const { exitCode, timedOut } = reading;
  const refusal = Object.entries(fileRefusals).find(([code]) => Number(code) === exitCode)?.[1];
  if (refusal !== undefined) refuse(`path: ${path} ${refusal}`);
  refuseFilter(reading, query);
  const { realPath } = reader;
  if ((exitCode !== 0 && !timedOut) || realPath === undefined) throw failed(path, reading);
  // The exit code is that of what comes behind gzip.
  if (reading.complaints.some((line) => line.startsWith("gzip: "))) throw failed(path, reading);
  return { reading, source: "file", path: visible(realPath) };
}

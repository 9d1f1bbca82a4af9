import { ContainariumError, type ContainerTerminal } from "../../client/mod.ts";
import type { Found } from "./found.ts";
import { NO_CONTAINER, NO_PODMAN, podmanName, podmanReader } from "./podman.ts";
import type { LogQuery } from "./query.ts";
import { type Reading, readLog, type ReadOptions } from "./run_reader.ts";
import { failed, refuse, refuseFilter } from "./read_refusal.ts";

/** How many names are told. */
const MOST_NAMES = 20;

/**
 * Reads the log of a container of podman's, as the user.
 *
 * @throws {ContainariumError} `invalid_argument` or `failed_precondition` where there is none
 */
export async function readPodman(
  terminal: ContainerTerminal,
  query: LogQuery,
  name: string,
  options: ReadOptions,
): Promise<Found> {
  const reading = await readLog(terminal, podmanReader(query, name), options);
  const { exitCode, timedOut } = reading;
  if (exitCode === NO_PODMAN) {
    throw new ContainariumError("failed_precondition", "podman is not installed there");
  }
  if (exitCode === NO_CONTAINER) refuseName(name, reading);
  refuseFilter(reading, query);
  if (exitCode !== 0 && !timedOut) throw failed("podman logs", reading);
  return { reading, source: "podman" };
}

function refuseName(name: string, { complaints, newest }: Reading): never {
  // What is no name that podman gives is some program's remark.
  const names = newest.entries.map(({ message }) => message).filter((name) =>
    podmanName.test(name)
  );
  const known = names.length === 0
    ? "it has none"
    : `it has ${names.slice(0, MOST_NAMES).join(", ")}${names.length > MOST_NAMES ? " …" : ""}`;
  refuse(
    `unit: this user's podman shows no log of ${name}; ${known}. ` +
      "Root's containers are its own: run_command with as_root and podman logs",
    complaints.join("\n"),
  );
}

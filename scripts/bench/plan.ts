/** How much is measured. @module */

/** Numbers of runs, and sizes. */
export interface Plan {
  /** In words. */
  readonly mode: string;
  /** Starts of each program in each revision. */
  readonly starts: number;
  /** Calls of each kind of each program. */
  readonly calls: number;
  /** Calls before memory is read again. */
  readonly manyCalls: number;
  /** Numbers of containers to list. */
  readonly fleets: readonly number[];
  /** Lists of each number, by each program. */
  readonly lists: number;
  /** Containers to create and delete. */
  readonly creations: number;
  /** Commands of each kind. */
  readonly commands: number;
  /** Megabytes of output. */
  readonly outputs: readonly number[];
  /** Commands with that much output. */
  readonly largeCommands: number;
  /** Files to synchronize. */
  readonly files: number;
  /** Bursts of calls. */
  readonly bursts: number;
  /** Lines of each length. */
  readonly longLines: number;
}

const full: Plan = {
  mode: "full",
  starts: 15,
  calls: 300,
  manyCalls: 10_000,
  fleets: [10, 100, 1_000, 5_000, 20_000],
  lists: 9,
  creations: 20,
  commands: 15,
  outputs: [1, 10],
  largeCommands: 15,
  files: 1_000,
  bursts: 3,
  longLines: 25,
};

const quick: Plan = {
  mode: "quick",
  starts: 5,
  calls: 100,
  manyCalls: 300,
  fleets: [1_000, 5_000],
  lists: 3,
  creations: 6,
  commands: 5,
  outputs: [1],
  largeCommands: 2,
  files: 200,
  bursts: 1,
  longLines: 1,
};

/** Returns the plan of a mode: `quick`, or all of it. Throws if there is no such mode. */
export function planOf(mode: string): Plan {
  switch (mode) {
    case "":
    case "full":
      return full;
    case "quick":
      return quick;
    default:
      throw new Error(`Cannot measure in the mode ${mode}: expected full or quick`);
  }
}

/** Returns the parts that a list with commas names; all of them without one. Throws if one is unknown. */
export function chosenParts(all: readonly string[], list = ""): readonly string[] {
  if (list === "") return all;
  const chosen = list.split(",");
  const unknown = chosen.filter((part) => !all.includes(part));
  if (unknown.length === 0) return chosen;
  throw new Error(`Cannot measure ${unknown.join(", ")}: expected some of ${all.join(", ")}`);
}

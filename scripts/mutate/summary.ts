import { isJustified } from "./equivalents.ts";
import { mutatedFolders } from "./folders.ts";
import { isAlive, type Standing } from "./verdicts.ts";

/** What came of a folder. */
export interface Summary {
  /** Path. */
  readonly folder: string;
  /** How many were tried. */
  readonly mutants: number;
  /** How many made a test fail. */
  readonly killed: number;
  /** How many nothing found, without those that are justified. */
  readonly survived: number;
  /** How many nothing can find. */
  readonly justified: number;
  /** How many made a test hang, which finds them, too. */
  readonly timedOut: number;
  /** Percentage found of those that can be. */
  readonly score: number;
  /** Percentage to which {@linkcode score} is likely to be right (95 %), if not all were tried. */
  readonly margin: number;
  /** How many there are. */
  readonly of: number;
  /** Draws the same sample again. */
  readonly seed: number;
  /** Day. */
  readonly date: string;
}

/** Counts what came of a folder's mutants. */
export function summarize(
  folder: string,
  standings: readonly Standing[],
  { of, seed }: { readonly of: number; readonly seed: number },
): Summary {
  const alive = standings.filter(isAlive);
  const justified = alive.filter(({ mutant }) => isJustified(mutant)).length;
  const found = standings.length - alive.length;
  const timedOut = standings.filter(({ verdict }) => verdict === "timed out").length;
  const countable = Math.max(1, standings.length - justified);
  const share = found / countable;
  const left = (of - standings.length) / Math.max(1, of - 1);
  return {
    folder,
    mutants: standings.length,
    killed: found - timedOut,
    survived: alive.length - justified,
    justified,
    timedOut,
    score: percentage(share),
    margin: percentage(1.96 * Math.sqrt(share * (1 - share) / countable * left)),
    of,
    seed,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** Returns what came last of each folder that is still mutated, in their order. */
export function merged(before: readonly Summary[], now: readonly Summary[]): readonly Summary[] {
  const last = new Map([...before, ...now].map((summary) => [summary.folder, summary]));
  return mutatedFolders.flatMap(({ path }) => last.get(path) ?? []);
}

function percentage(share: number): number {
  return Math.round(share * 1000) / 10;
}

/** Returns the lines that show a folder's survivors. */
export function describeSurvivors(standings: readonly Standing[]): readonly string[] {
  return standings
    .filter((standing) => isAlive(standing) && !isJustified(standing.mutant))
    .map(({ mutant, verdict }) => {
      const { file, line, operator, original, mutation } = mutant;
      const mark = verdict === "uncovered" ? " (no test gets there)" : "";
      return `${file}:${line} ${operator}: ${short(original)} → ${short(mutation)}${mark}`;
    });
}

function short(text: string): string {
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
}

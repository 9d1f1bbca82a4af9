/**
 * What instrumented files ask before each place that a mutant changes. In a copy of the project,
 * `active_mutant.ts` names the mutant that a whole process has, with all the processes that it starts.
 *
 * @module
 */
import { activeFromStart } from "./active_mutant.ts";

let active: number = activeFromStart;
const reached = new Set<number>();

/** Returns whether a mutant is the active one. */
export function isMutant(id: number): boolean {
  reached.add(id);
  return id === active;
}

/** Activates a mutant, or none (0). */
export function activate(id: number): void {
  active = id;
}

/** Returns the mutants that were reached since the last time, and forgets them. */
export function takeReached(): readonly number[] {
  const taken = [...reached];
  reached.clear();
  return taken;
}

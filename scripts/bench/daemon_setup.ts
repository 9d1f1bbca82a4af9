/** How the benchmark's daemon is set up, as it travels to its process. @module */
import type { ContainerSeed, Delays } from "../../tests/daemon/mod.ts";

/** What the benchmark varies of a daemon. */
export interface DaemonSetup {
  /** Number of containers; the first is alice's. */
  readonly containers: number;
  /** Milliseconds before each answer. */
  readonly latencyMs: number;
  /** Whether terminals lead to shells. */
  readonly hasShells: boolean;
  /** How long things take. */
  readonly delays: Partial<Delays>;
}

/** A daemon that answers at once. */
export const plainSetup: DaemonSetup = {
  containers: 1,
  latencyMs: 0,
  hasShells: false,
  delays: {},
};

/** Reads the JSON of a setup that this benchmark wrote. */
export function readSetup(json: string): DaemonSetup {
  return { ...plainSetup, ...JSON.parse(json) };
}

/** Returns the containers. */
export function seedsOf({ containers }: DaemonSetup): readonly ContainerSeed[] {
  return Array.from({ length: containers }, (_, at) => ({
    username: usernameAt(at),
    labels: { team: `team-${at % 7}` },
  }));
}

/** Returns the owner of a container by its number. */
export function usernameAt(at: number): string {
  return at === 0 ? "alice" : `user${String(at).padStart(5, "0")}`;
}

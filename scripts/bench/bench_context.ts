/** What every part of the benchmark is given. @module */
import type { Plan } from "./plan.ts";
import type { Section } from "./section.ts";
import type { Subject } from "./subject.ts";

/** The programs, and how much to measure. */
export interface BenchContext {
  /** How much. */
  readonly plan: Plan;
  /** This server first, then its binary and a peer if there are; without the loop. */
  readonly servers: readonly Subject[];
  /** V8's flags of the binary. */
  readonly binaryFlags: readonly string[];
}

/** Measures one part. */
export type Measurement = (context: BenchContext) => Promise<Section>;

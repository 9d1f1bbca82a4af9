/** The exchanges recorded with a real daemon. @module */

import wire from "./wire.jsonl" with { type: "text" };
import type { Answer } from "./compare.ts";

/** One recorded exchange. */
export interface Exchange {
  readonly name: string;
  /** Whose token it carried: `none`, or a username. */
  readonly as: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly body: string | null;
  };
  readonly response: Answer;
}

/** All of them, in the order in which they ended. */
export const exchanges: readonly Exchange[] = wire.trim().split("\n")
  .map((line): Exchange => JSON.parse(line));

/** The exchange of that name; of a few names there are several, and `which` counts them from 0. */
export function exchange(name: string, which?: number): Exchange {
  const found = exchanges.filter((one) => one.name === name);
  const one = found[which ?? 0];
  if (one === undefined || (which === undefined && found.length > 1)) {
    throw new Error(`There are ${found.length} recordings named ${name}`);
  }
  return one;
}

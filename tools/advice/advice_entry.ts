import type { ContainariumError } from "../../client/mod.ts";

/** Why something failed and what to do next, in sentences; either is absent if it would say nothing. */
export interface Advice {
  /** Why it failed. */
  readonly why?: string | undefined;
  /** What to do next. */
  readonly next?: string | undefined;
}

/** Advice, or a function of the failure and the username that was probably meant. */
export type AdviceEntry =
  | Advice
  | ((error: ContainariumError, meant: string | undefined) => Advice);

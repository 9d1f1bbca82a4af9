import type { ContainariumError } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";

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

/** Begins what to do about a name that does not exist: the one that was probably meant, or a list. */
export function meantOrCall(meant: string | undefined): string {
  return meant === undefined ? "Call" : `Did you mean ${visible(meant)}? If not, call`;
}

import { ContainariumError, type Container } from "../../client/mod.ts";
import { protectedError, refuseUnrecoverable } from "../../client/internal.ts";
import type { Policy } from "../policy/mod.ts";
import { graceOf } from "./grace_of.ts";
import { isDeletedAlready } from "./grace_words.ts";

/** What a delete does to a container. */
export type PlannedDeletion =
  | { readonly kind: "permanent" }
  | {
    readonly kind: "recoverable";
    /** For how many seconds it can be recovered. */
    readonly graceSeconds: number;
  }
  /** It was deleted before, and can be recovered. */
  | { readonly kind: "already"; readonly graceSeconds: number }
  | { readonly kind: "refused"; readonly error: ContainariumError };

/**
 * Returns what a delete does to a container.
 *
 * @param container With the facts that only a list reports
 * @param policy As `deletePolicy` returns it
 */
export function planDeletion(container: Container, policy: Policy): PlannedDeletion {
  if (container.isProtected) {
    return { kind: "refused", error: protectedError(container.username) };
  }
  const graceSeconds = graceOf(container, policy);
  if (graceSeconds === undefined) return { kind: "permanent" };
  if (isDeletedAlready(container)) return { kind: "already", graceSeconds };
  try {
    refuseUnrecoverable(container);
    return { kind: "recoverable", graceSeconds };
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    return { kind: "refused", error };
  }
}

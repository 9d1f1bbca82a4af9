/**
 * What a user chooses from, apart from the server: reading a command line loads no protocol.
 *
 * @module
 */

/**
 * When the user is asked before something is lost: where the client can ask, otherwise it is left
 * to the client's own approval (`auto`); always, and refused where they cannot be asked; or never.
 */
export type ConsentMode = "auto" | "always" | "never";

/** Every {@linkcode ConsentMode}. */
export const consentModes: readonly ConsentMode[] = ["auto", "always", "never"];

/** Whether the bulk tools may work on this many containers at once. */
export function isBulkConcurrency(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= 10;
}

import { type AgreedContainer, notAgreed, refuseOther } from "../containers/agreed.ts";
import { type Backup, isSameBackup } from "./backup.ts";

/** What the user saw when agreeing to restore, verify or delete a backup. */
export interface AgreedBackup extends AgreedContainer {
  /** The backup then. Absent if there was none of that id. */
  readonly backup?: Backup | undefined;
}

/**
 * Throws unless this is the backup that the user agreed to restore, verify or delete, and the container the
 * one that it is loaded into.
 *
 * @param what What would happen: "The deletion"
 * @throws {ContainariumError} `failed_precondition`
 */
export function refuseOtherBackup(
  { container, backup }: AgreedBackup,
  agreed: AgreedBackup,
  what: string,
): void {
  const lost = `${what} of the backup ${backup?.id ?? agreed.backup?.id ?? ""}`;
  if (container !== undefined) refuseOther(container, agreed, lost);
  if (backup === undefined && agreed.backup === undefined) return;
  if (backup && agreed.backup && isSameBackup(backup, agreed.backup)) return;
  throw notAgreed(
    `${lost} was not agreed to: it was replaced under the same id, or has come since`,
  );
}

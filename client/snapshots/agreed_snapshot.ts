import { type AgreedContainer, notAgreed, refuseOther } from "../containers/agreed.ts";
import { containerName } from "../containers/username.ts";
import { isSameSnapshot, type Snapshot } from "./snapshot.ts";

/** What the user saw when agreeing to delete a snapshot. */
export interface AgreedSnapshot extends AgreedContainer {
  /** The snapshot then. Absent if there was none. */
  readonly snapshot?: Snapshot | undefined;
}

/** Throws unless this is the snapshot that the user agreed to delete. */
export function refuseOtherSnapshot(
  { container, snapshot }: AgreedSnapshot,
  agreed: AgreedSnapshot,
  username: string,
  name: string,
): void {
  const what = `The deletion of the snapshot "${name}" of ${containerName(username)}`;
  if (container !== undefined) refuseOther(container, agreed, what);
  if (snapshot === undefined && agreed.snapshot === undefined) return;
  if (snapshot && agreed.snapshot && isSameSnapshot(snapshot, agreed.snapshot)) return;
  throw notAgreed(`${what} was not agreed to: it was replaced under the same name`);
}

/**
 * Checks that a change still affects only what the user agreed to.
 *
 * @module
 */
import { containerName } from "./username.ts";
import { type Container, isDeletedOnceStopped } from "./container.ts";
import { ContainariumError } from "../errors.ts";
import { formatTime } from "../text/time.ts";

/** What the user saw when agreeing to a change. */
export interface AgreedContainer {
  /** The container then. Absent if there was none to lose. */
  readonly container?: Container | undefined;
}

/**
 * Returns whether two readings are of the same container. One that was recreated under the same
 * name is another, and so is one on another backend, since the creation time of a peer's container
 * is unknown.
 */
export function isSameContainer(one: Container, other: Container): boolean {
  const isElsewhere = one.backendId !== undefined && other.backendId !== undefined &&
    one.backendId !== other.backendId;
  return !isElsewhere && one.createdAt?.getTime() === other.createdAt?.getTime();
}

/**
 * Throws unless the user agreed to lose this container.
 *
 * @param lost What would happen: "Its deletion"
 * @throws {ContainariumError} `failed_precondition`
 */
export function refuseOther(
  now: Container,
  { container }: AgreedContainer,
  lost: string,
): void {
  const { username } = now;
  if (container === undefined) {
    throw notAgreed(`${lost} was not agreed to: there was nothing to lose when the user was asked`);
  }
  if (isSameContainer(now, container)) return;
  throw notAgreed(
    `${containerName(username)} is not the one that was agreed to: it was recreated ` +
      `(${timeOf(now)}, that one ${timeOf(container)})`,
  );
}

/**
 * Throws if a stop starts a deletion that the user did not agree to.
 *
 * @param now The container as `getWhole` reads it
 * @throws {ContainariumError} `failed_precondition`
 */
export function refuseOtherDeletion(now: Container, agreed: AgreedContainer): void {
  if (!isDeletedOnceStopped(now)) return;
  const what = `The stop that starts the deletion of ${containerName(now.username)}`;
  refuseOther(now, agreed, what);
  const { container: was } = agreed;
  if (was !== undefined && was.state !== "stopped" && isDeletedOnceStopped(was)) return;
  throw notAgreed(
    `${what} was not agreed to: a stop would have deleted nothing when the user was asked`,
  );
}

/** Returns the error for a change that was not agreed to. */
export function notAgreed(what: string): ContainariumError {
  return new ContainariumError("failed_precondition", `${what}. Nothing was changed`, {
    reason: "changed_since_agreed",
  });
}

function timeOf({ createdAt }: Container): string {
  return formatTime(createdAt) ?? "at an unknown time";
}

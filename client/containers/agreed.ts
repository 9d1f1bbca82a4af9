/**
 * Holds a change to what was agreed to: what is there may have changed since.
 *
 * @module
 */
import { containerName } from "./username.ts";
import { type Container, isDeletedOnceStopped } from "./container.ts";
import { ContainariumError } from "../errors.ts";
import { formatTime } from "../text/time.ts";

/** What was looked at before a change was agreed to. */
export interface AgreedContainer {
  /** The container as it was. Absent if there was none that could be lost. */
  readonly container?: Container | undefined;
}

/**
 * Whether two readings are of one container. One that was created anew under the same name is
 * another; so is one on another backend, since of a peer's no creation time is known.
 */
export function isSameContainer(one: Container, other: Container): boolean {
  const isElsewhere = one.backendId !== undefined && other.backendId !== undefined &&
    one.backendId !== other.backendId;
  return !isElsewhere && one.createdAt?.getTime() === other.createdAt?.getTime();
}

/**
 * Refuses to lose a container that nobody agreed to lose.
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
    throw notAgreed(`${lost} was not agreed to: there was nothing to lose when it was looked at`);
  }
  if (isSameContainer(now, container)) return;
  throw notAgreed(
    `${containerName(username)} is not the one that was agreed to: it was recreated ` +
      `(${timeOf(now)}, that one ${timeOf(container)})`,
  );
}

/**
 * Refuses a stop that starts a deletion, unless that was agreed to.
 *
 * @param now The container, with what only a list says of it
 * @throws {ContainariumError} `failed_precondition`
 */
export function refuseOtherDeletion(now: Container, agreed: AgreedContainer): void {
  if (!isDeletedOnceStopped(now)) return;
  const what = `The stop that starts the deletion of ${containerName(now.username)}`;
  refuseOther(now, agreed, what);
  const { container: was } = agreed;
  if (was !== undefined && was.state !== "stopped" && isDeletedOnceStopped(was)) return;
  throw notAgreed(
    `${what} was not agreed to: a stop would have deleted nothing when it was looked at`,
  );
}

/** The refusal of what was not agreed to. */
export function notAgreed(what: string): ContainariumError {
  return new ContainariumError("failed_precondition", `${what}. Nothing was changed`, {
    reason: "changed_since_agreed",
  });
}

function timeOf({ createdAt }: Container): string {
  return formatTime(createdAt) ?? "at an unknown time";
}

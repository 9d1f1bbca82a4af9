import { isGivenUp } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { afterWrite } from "../transport/after_write.ts";
import { type AgreedContainer, notAgreed, refuseOther } from "./agreed.ts";
import { type Container, isBeingDeleted, isDeletedOnceStopped, isOfPeer } from "./container.ts";
import { protectedError } from "./delete.ts";
import { deletionLabel, type DeletionRecord, writeDeletionRecord } from "./deletion_record.ts";
import { restoreTtl } from "./own_ttl.ts";
import type { ContainerSettings } from "./settings.ts";
import { stopContainer } from "./start_stop.ts";
import { containerName } from "./username.ts";

/** How to delete a container so that it can be recovered. */
export interface DeleteLaterOptions extends CallOptions {
  /** Seconds from now until the daemon deletes it, at most 604,800; sooner if it would be gone sooner anyway. */
  readonly graceSeconds: number;
  /**
   * Kill it instead of shutting it down.
   *
   * @default {false}
   */
  readonly force?: boolean | undefined;
  /** What it is deleted with, in one word, for others to read. */
  readonly why?: string | undefined;
  /** Who deletes it, in one word, for others to read. */
  readonly by?: string | undefined;
  /**
   * Deletes only this; refuses if the container has been replaced since, or would be gone sooner after a
   * stop than it was agreed, or was deleted already then and is not any more.
   *
   * @default The current state
   */
  readonly agreed?: AgreedContainer | undefined;
}

/** Result of a deletion that can be undone. */
export interface DeleteLaterResult {
  /** The container, which is stopped and will be deleted. Absent: there was none. */
  readonly container?: Container | undefined;
}

/**
 * Records how to undo it, has the daemon delete the container later, and stops it, in this order: whatever
 * is interrupted leaves a container that is either as before or can be recovered.
 */
export async function deleteLater(
  http: Http,
  containers: ContainerSettings,
  username: string,
  options: DeleteLaterOptions,
): Promise<DeleteLaterResult> {
  const { signal, agreed } = options;
  const before = await containers.findWhole(username, { signal });
  if (before === undefined || before.state === "failed") return {};
  refuseUnrecoverable(before);
  if (agreed !== undefined) refuseOtherEnd(before, agreed);
  // What made it that way is recorded already.
  const record = isBeingDeleted(before) ? undefined : recordOf(before, options);
  if (record !== undefined) await schedule(containers, before, record, options);
  if (before.state === "running") await stop(http, containers, before, record, options);
  const container = await afterWrite(
    `The deletion of ${before.name}`,
    () => containers.getWhole(username, { signal }),
  );
  verify(container, record);
  return { container };
}

/**
 * Throws unless a container can be deleted so that it can be recovered.
 *
 * @throws {ContainariumError} `failed_precondition` with the reason `protected` or `not_recoverable`
 */
export function refuseUnrecoverable(container: Container): void {
  const { username, isProtected, backendId } = container;
  if (isProtected) throw protectedError(username);
  const why = isOfPeer(container)
    ? `it is on ${
      backendId ?? "another host"
    }, and the daemon schedules deletions only on its own host`
    : whyNotIn(container);
  if (why === undefined) return;
  throw new ContainariumError(
    "failed_precondition",
    `${containerName(username)} cannot be deleted so that it could be recovered: ${why}. ` +
      "Nothing was changed",
    { reason: "not_recoverable", details: { username, backend: backendId } },
  );
}

function whyNotIn({ state }: Container): string | undefined {
  switch (state) {
    case "running":
    case "stopped":
    case "failed":
      return undefined;
    case "frozen":
      return "it is frozen (paused), which a stop would end for good";
    case "creating":
    case "provisioning":
      return `it is still being created (${state})`;
    case "unknown":
      return "the daemon does not report its state";
  }
}

/** Whether nothing was left to delete, so that nobody was asked. */
function isDone(container: Container): boolean {
  return isBeingDeleted(container) && container.state !== "running";
}

/** A stop that starts a deletion may leave less time than was agreed. */
function refuseOtherEnd(now: Container, agreed: AgreedContainer): void {
  refuseOther(now, agreed, `The deletion of ${now.name}`);
  const { container: was } = agreed;
  if (was !== undefined && isDone(was) && !isDone(now)) {
    throw notAgreed(
      `The deletion of ${now.name} was not agreed to: when the user was asked, it was deleted already, ` +
        "and since then it was started or recovered",
    );
  }
  if (was === undefined || !isDeletedOnceStopped(now) || isDeletedOnceStopped(was)) return;
  throw notAgreed(`${now.name} would be deleted sooner after its stop than was agreed`);
}

function recordOf(
  { state, ttlExpiresAt }: Container,
  { why, by }: DeleteLaterOptions,
): DeletionRecord {
  const wasRunning = state === "running";
  return { deletedAt: new Date(), wasRunning, ttlBefore: ttlExpiresAt, why, by };
}

async function schedule(
  containers: ContainerSettings,
  before: Container,
  record: DeletionRecord,
  { signal, graceSeconds }: DeleteLaterOptions,
): Promise<void> {
  const { username, ttlExpiresAt } = before;
  await containers.setLabels(username, { [deletionLabel]: writeDeletionRecord(record) }, {
    signal,
  });
  const isGoneSooner = ttlExpiresAt !== undefined &&
    ttlExpiresAt.getTime() <= Date.now() + graceSeconds * 1_000;
  if (isGoneSooner) return;
  try {
    await containers.setTtl(username, graceSeconds, { signal });
  } catch (error) {
    throw await takenBack(error, containers, before, signal);
  }
}

async function stop(
  http: Http,
  containers: ContainerSettings,
  before: Container,
  record: DeletionRecord | undefined,
  { signal, force }: DeleteLaterOptions,
): Promise<void> {
  const { username } = before;
  try {
    await stopContainer(http, containers, username, {
      signal,
      force,
      agreed: { container: before },
    });
  } catch (error) {
    throw record === undefined ? error : await takenBack(error, containers, before, signal);
  }
}

/** Undoes what was done before a failure, unless the failed step may have been done after all. */
async function takenBack(
  error: unknown,
  containers: ContainerSettings,
  { username, name, ttlExpiresAt }: Container,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  if (!(error instanceof ContainariumError)) return error;
  if (error.code === "not_found") return error;
  if (isGivenUp(error, signal) || error.code === "ambiguous") {
    return restate(error, `${error.message}. ${name} may be stopped, and is marked as deleted`);
  }
  try {
    await restoreTtl(containers, username, ttlExpiresAt, { signal });
    await containers.removeLabel(username, deletionLabel, { signal });
    return restate(error, `${error.message}. It will not be deleted`);
  } catch (failure) {
    if (!(failure instanceof ContainariumError)) throw failure;
    return restate(
      error,
      `${error.message}. It is marked as deleted, and that could not be taken back: ` +
        failure.message,
    );
  }
}

/** Verifies the deletion: a 200 alone proves nothing. */
function verify(now: Container, record: DeletionRecord | undefined): void {
  const { deletion, ttlExpiresAt, state, isProtected } = now;
  const isRecorded = deletion !== undefined &&
    (record === undefined || writeDeletionRecord(deletion) === writeDeletionRecord(record));
  const wrong = [
    ...(isRecorded ? [] : [`label ${deletionLabel}`]),
    ...(ttlExpiresAt === undefined ? ["ttl"] : []),
    ...(isProtected ? ["protected"] : []),
    ...(state === "stopped" ? [] : ["state"]),
  ];
  if (wrong.length === 0) return;
  throw new ContainariumError(
    "internal",
    `The daemon accepted the deletion, but reports otherwise: ${
      wrong.join(", ")
    }. Another client ` +
      "may have changed it",
    { details: { username: now.username } },
  );
}

import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { afterWrite } from "../transport/after_write.ts";
import { type Container, isOfPeer } from "./container.ts";
import { deletionLabel, type DeletionRecord } from "./deletion_record.ts";
import { isSameTtl, restoreTtl } from "./own_ttl.ts";
import type { ContainerSettings } from "./settings.ts";
import { startContainer } from "./start_stop.ts";

/** Result of an undone deletion. */
export interface UndeleteResult {
  /** False when it was not deleted. */
  readonly changed: boolean;
  /** The container afterwards, read back. */
  readonly container: Container;
}

/**
 * Restores what `deleteLater` changed: the time to live first, so that nothing is lost from then on, the
 * record last, so that a failure can be made good by another call.
 */
export async function undelete(
  http: Http,
  containers: ContainerSettings,
  username: string,
  { signal }: CallOptions,
): Promise<UndeleteResult> {
  const before = await containers.getWhole(username, { signal });
  const { deletion, name, ttlExpiresAt, state } = before;
  if (deletion === undefined) return { changed: false, container: before };
  if (isOfPeer(before)) throw elsewhere(before);
  const until = ttlAfter(before, deletion);
  if (!isSameTtl(ttlExpiresAt, until)) await restoreTtl(containers, username, until, { signal });
  if (deletion.wasRunning && state === "stopped") {
    await start(http, containers, before, signal);
  }
  await containers.removeLabel(username, deletionLabel, { signal });
  const container = await afterWrite(
    `What undid the deletion of ${name}`,
    () => containers.getWhole(username, { signal }),
  );
  verify(container, deletion, until);
  return { changed: true, container };
}

/** It was moved since. There the daemon could start it, and nothing else. */
function elsewhere({ username, name, backendId }: Container): ContainariumError {
  return new ContainariumError(
    "failed_precondition",
    `${name} is on ${
      backendId ?? "another host"
    } by now, and the daemon changes times to live and labels ` +
      "only on its own host. Nothing was changed",
    { reason: "other_host", details: { username, backend: backendId } },
  );
}

/** Another client may have changed it since; a container never gets less time by being recovered. */
function ttlAfter(
  { ttlExpiresAt: now }: Container,
  { ttlBefore }: DeletionRecord,
): Date | undefined {
  if (now === undefined || ttlBefore === undefined) return undefined;
  return ttlBefore.getTime() > now.getTime() ? ttlBefore : now;
}

async function start(
  http: Http,
  containers: ContainerSettings,
  { username, name }: Container,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await startContainer(http, containers, username, { signal });
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code === "not_found") throw error;
    throw restate(
      error,
      `${name} will not be deleted any more, but it could not be started: ${error.message}`,
    );
  }
}

/** Verifies each change: a 200 alone proves nothing. */
function verify(now: Container, { wasRunning }: DeletionRecord, until: Date | undefined): void {
  const wrong = [
    ...(isSameTtl(now.ttlExpiresAt, until) ? [] : ["ttl"]),
    ...(wasRunning && now.state === "stopped" ? ["state"] : []),
    ...(now.deletion === undefined ? [] : [`label ${deletionLabel}`]),
  ];
  if (wrong.length === 0) return;
  throw new ContainariumError(
    "internal",
    `The daemon accepted the change, but reports otherwise: ${wrong.join(", ")}`,
    { details: { username: now.username } },
  );
}

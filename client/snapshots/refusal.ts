import { containerName } from "../containers/username.ts";
import { type Container, isOfPeer } from "../containers/container.ts";
import type { Containers } from "../containers/containers.ts";
import { ContainariumError, restate } from "../errors.ts";

/**
 * Explains a refusal: the daemon's response is the same if the host has no ZFS, if there is no such
 * container, and if it is on another host.
 *
 * @returns The error to throw instead, or the same one
 */
export async function snapshotRefusal(
  error: unknown,
  containers: Containers,
  username: string,
): Promise<unknown> {
  if (!(error instanceof ContainariumError)) return error;
  if (error.code === "unsupported" || error.status === 404) return tooOld(error);
  if (error.reason !== "no_zfs" && error.reason !== "no_dataset") return error;
  let container: Container | undefined;
  try {
    container = await containers.find(username);
  } catch (unread) {
    if (unread instanceof ContainariumError) return error;
    throw unread;
  }
  return container === undefined ? withoutContainer(username, error) : refusedOf(container, error);
}

function refusedOf(container: Container, error: ContainariumError): ContainariumError {
  switch (container.state) {
    case "failed":
      return withoutContainer(container.username, error);
    case "creating":
    case "provisioning":
      return restate(
        error,
        `${containerName(container.username)} is still being created`,
        { code: "conflict", reason: "being_created" },
      );
    case "running":
    case "stopped":
    case "frozen":
    case "unknown":
      // A local container without a dataset is on other storage, even if the host has ZFS.
      return isOfPeer(container) ? onAnotherHost(container, error) : withoutZfs(error);
  }
}

/** The daemon does not forward snapshot requests to peers, and reports a missing dataset. */
export function onAnotherHost(
  { username, backendId }: Container,
  cause?: ContainariumError,
): ContainariumError {
  const host = backendId === undefined ? "another host" : `another host (${backendId})`;
  return new ContainariumError(
    "unsupported",
    `${
      containerName(username)
    } is on ${host}, and the daemon supports snapshots only on its own host`,
    { reason: "other_host", details: { username, backend: backendId }, cause },
  );
}

function tooOld(error: ContainariumError): ContainariumError {
  return restate(
    error,
    "This daemon does not support snapshots, which came after Containarium 0.66",
    { code: "unsupported", reason: "daemon_too_old" },
  );
}

function withoutContainer(username: string, error: ContainariumError): ContainariumError {
  return restate(error, `There is no container for ${username}`, {
    code: "not_found",
    details: { username },
  });
}

function withoutZfs(error: ContainariumError): ContainariumError {
  return restate(
    error,
    "This host does not keep its containers on ZFS, so they have no snapshots",
    { code: "unsupported", reason: "no_zfs" },
  );
}

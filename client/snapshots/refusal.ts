import type { Container } from "../container.ts";
import type { Containers } from "../containers.ts";
import { isOfPeer } from "../delete.ts";
import { ContainariumError } from "../errors.ts";

/** Without the command (the quotes are JSON's), and by its source without Incus at its start. */
const noZfs = /zfs\\*": executable file not found|need a ZFS storage backend/;
/** The container's dataset, not one of its snapshots. */
const noDataset = /cannot open '[^'@]*': dataset does not exist/;

/**
 * Says what the daemon does not: it answers alike when the host has no ZFS, when there is no such
 * container, and when it is on another host.
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
  const isWithoutZfs = noZfs.test(error.message);
  if (!isWithoutZfs && !noDataset.test(error.message)) return error;
  let container: Container | undefined;
  try {
    container = await containers.find(username);
  } catch (unread) {
    if (unread instanceof ContainariumError) return error;
    throw unread;
  }
  if (container === undefined) {
    return new ContainariumError(
      "not_found",
      `${error.message}. ${username} has no container`,
      error,
    );
  }
  if (isOfPeer(container)) return onAnotherHost(container, error);
  return isWithoutZfs ? withoutZfs(error) : error;
}

/** Snapshots are not handed on to peers; the daemon says no more than that there is no dataset. */
export function onAnotherHost(
  { username, backendId }: Container,
  cause?: ContainariumError,
): ContainariumError {
  const host = backendId === undefined ? "another host" : `another host (${backendId})`;
  return new ContainariumError(
    "unsupported",
    `${username}-container is on ${host}, and the daemon has snapshots of its own host only`,
    cause,
  );
}

function tooOld(error: ContainariumError): ContainariumError {
  return new ContainariumError(
    "unsupported",
    `${error.message}. This daemon has no snapshots: they came after Containarium 0.66`,
    error,
  );
}

function withoutZfs(error: ContainariumError): ContainariumError {
  return new ContainariumError(
    "unsupported",
    `${error.message}. This host keeps its containers without ZFS, so that there are no snapshots`,
    error,
  );
}

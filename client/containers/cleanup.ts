import { type AgreedContainer, refuseOther } from "./agreed.ts";
import type { CallOptions } from "../async/call_options.ts";
import { type Container, isOfPeer } from "./container.ts";
import type { ContainerReader } from "./reader.ts";
import { ContainariumError } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { containerName, containerPath } from "./username.ts";
import { readNumber } from "../wire.ts";

/** How to clean a disk. */
export interface CleanupOptions extends CallOptions {
  /**
   * The container as the user agreed to clean it. Another one is refused.
   *
   * @default The current state
   */
  readonly agreed?: AgreedContainer | undefined;
}

/** What a clean-up freed. */
export interface CleanupResult {
  /** Bytes freed; absent for a container on another host, whose daemon does not pass the number on. */
  readonly freedBytes?: number | undefined;
  /** The container as it was read before. */
  readonly container: Container;
}

/** Frees disk space; the daemon answers 200 for a container that does not run, having done nothing. */
export async function cleanUpDisk(
  http: Http,
  containers: ContainerReader,
  username: string,
  { signal, agreed }: CleanupOptions,
): Promise<CleanupResult> {
  const container = await containers.get(username, { signal });
  if (container.state !== "running") {
    throw new ContainariumError(
      "failed_precondition",
      `${containerName(username)} is ${container.state}: only a running one can be cleaned`,
      { reason: "not_running", details: { username } },
    );
  }
  const lost = `Cleaning the disk of ${containerName(username)}`;
  if (agreed !== undefined) refuseOther(container, agreed, lost);
  const path = containerPath(username, "cleanup-disk");
  const answer = await http.request("POST", path, { signal, body: {} });
  const freedBytes = isOfPeer(container) ? undefined : readNumber(answer.freedBytes);
  return { freedBytes, container };
}

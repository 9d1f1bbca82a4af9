import { afterWrite } from "../transport/after_write.ts";
import type { ApiPath } from "../transport/api_path.ts";
import { notAgreed, refuseOtherDeletion } from "../containers/agreed.ts";
import type { Containers } from "../containers/containers.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError, type ErrorReason, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { containerName, containerPath } from "../containers/username.ts";
import { type JsonObject, readListOf, readNumber } from "../wire.ts";
import { type AgreedSnapshot, refuseOtherSnapshot } from "./agreed_snapshot.ts";
import { newSnapshotName, requireSnapshotName, snapshotPath } from "./name.ts";
import { snapshotRefusal } from "./refusal.ts";
import { Restoration, type RestoreOptions, type RestoreResult } from "./restore.ts";
import { planRestore, requireRestorable, type RestorePlan, unagreedLoss } from "./restore_plan.ts";
import {
  readRollback,
  rollbackBody,
  type RollbackOptions,
  type RollbackResult,
} from "./rollback.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";

/** How to take a snapshot. */
export interface CreateSnapshotOptions extends CallOptions {
  /**
   * 1 to 63 letters, digits, `.`, `_` and `-`, not beginning with `snapshot-`.
   *
   * @default The time, UTC: `20261121T104500Z`
   */
  readonly name?: string | undefined;
}

/** How to delete a snapshot. */
export interface DeleteSnapshotOptions extends CallOptions {
  /**
   * Deletes only this; refuses if the container has been replaced since.
   *
   * @default The current state
   */
  readonly agreed?: AgreedSnapshot | undefined;
}

/** Result of a deletion. */
export interface DeleteSnapshotResult {
  /** False when there was no such snapshot. */
  readonly deleted: boolean;
  /** Disk space that it freed, in bytes. */
  readonly freedBytes: number;
}

/**
 * Snapshots of containers' disks; `/v1/containers/{username}/snapshots`. Only hosts with ZFS have
 * them: calls throw `unsupported` on others, on daemons up to 0.66, and for a peer's container.
 */
export class Snapshots {
  readonly #http: Http;
  readonly #containers: Containers;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param containers Explains why there are no snapshots
   */
  constructor(http: Http, containers: Containers) {
    this.#http = http;
    this.#containers = containers;
  }

  /**
   * Lists a container's snapshots, oldest first, without Incus's own;
   * `GET /v1/containers/{username}/snapshots`.
   *
   * @throws {ContainariumError} `not_found` when there is no container; `unsupported`
   *
   * @example List them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice", snapshots: ["before"] }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const [snapshot] = await client.snapshots.list("alice");
   * assertEquals(snapshot?.name, "before");
   * ```
   */
  async list(username: string, options: CallOptions = {}): Promise<readonly Snapshot[]> {
    using call = new CallDeadline(options);
    const answer = await this.#request(username, "GET", this.#path(username), call);
    return readListOf(answer, "snapshots").map(readSnapshot);
  }

  /**
   * Takes a snapshot, also of a running container; `POST /v1/containers/{username}/snapshots`. It
   * is on the same disk, so it is not a backup.
   *
   * @throws {ContainariumError} `conflict` when there is one of that name; `invalid_argument` for
   * an invalid name; `not_found` when there is no container; `unsupported`
   *
   * @example Take one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { name } = await client.snapshots.create("alice", { name: "before-upgrade" });
   * assertEquals(name, "before-upgrade");
   * ```
   */
  async create(
    username: string,
    options: CreateSnapshotOptions = {},
  ): Promise<Snapshot> {
    using call = new CallDeadline(options);
    const { name = newSnapshotName() } = options;
    requireSnapshotName(name);
    try {
      const body = { name };
      const path = this.#path(username);
      const answer = await this.#request(username, "POST", path, { ...call, body });
      return await afterWrite(
        `The snapshot "${name}" of ${containerName(username)}`,
        () => readSnapshot(answer.snapshot),
      );
    } catch (error) {
      if (!isRefusedFor(error, "name_taken")) throw error;
      throw restate(
        error,
        `${containerName(username)} already has a snapshot "${name}"`,
        { code: "conflict", reason: "name_taken", details: { username, snapshot: name } },
      );
    }
  }

  /**
   * Deletes a snapshot; `DELETE /v1/containers/{username}/snapshots/{name}`. If there is none, the
   * call succeeds with `deleted: false`.
   *
   * @throws {ContainariumError} `invalid_argument` for an invalid name; `failed_precondition` if it
   * is not the one agreed to; `not_found` when there is no container; `unsupported`
   *
   * @example Delete one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice", snapshots: ["before"] }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { deleted } = await client.snapshots.delete("alice", "before");
   * assertEquals(deleted, true);
   * ```
   */
  async delete(
    username: string,
    name: string,
    options: DeleteSnapshotOptions = {},
  ): Promise<DeleteSnapshotResult> {
    using call = new CallDeadline(options);
    const { agreed } = options;
    const path = snapshotPath(username, name);
    if (agreed !== undefined) {
      const now = await this.look(username, name, call);
      if (now.snapshot === undefined) return { deleted: false, freedBytes: 0 };
      refuseOtherSnapshot(now, agreed, username, name);
    }
    try {
      const answer = await this.#request(username, "DELETE", path, call);
      return { deleted: true, freedBytes: readNumber(answer.freedBytes) };
    } catch (error) {
      if (!isRefusedFor(error, "snapshot_missing")) throw error;
      return { deleted: false, freedBytes: 0 };
    }
  }

  /**
   * Gets a snapshot and its container, to ask the user about a change.
   *
   * @returns Empty if there is no such snapshot
   *
   * @example Read one with its container
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice", snapshots: ["before"] }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { snapshot, container } = await client.snapshots.look("alice", "before");
   * assertEquals([snapshot?.name, container?.state], ["before", "running"]);
   * ```
   */
  async look(
    username: string,
    name: string,
    options: CallOptions = {},
  ): Promise<AgreedSnapshot> {
    using call = new CallDeadline(options);
    const snapshots = await this.list(username, call);
    const snapshot = snapshots.find((snapshot) => snapshot.name === name);
    if (snapshot === undefined) return {};
    return { snapshot, container: await this.#containers.get(username, call) };
  }

  /**
   * Rolls a container's disk back; `POST /v1/containers/{username}/snapshots/{name}/rollback`.
   * `restore` also stops and starts it.
   *
   * @throws {ContainariumError} `failed_precondition` if it runs or there are newer snapshots;
   * `invalid_argument`; `not_found` when there is no container; `unsupported`
   *
   * @example Roll a stopped container back
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice", snapshots: ["before"] }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.containers.stop("alice");
   * await client.snapshots.rollback("alice", "before");
   * assertEquals((await client.containers.get("alice")).state, "stopped");
   * ```
   */
  async rollback(
    username: string,
    name: string,
    options: RollbackOptions = {},
  ): Promise<RollbackResult> {
    using call = new CallDeadline(options);
    const path = snapshotPath(username, name, "rollback");
    const body = rollbackBody(options);
    const answer = await this.#request(username, "POST", path, { ...call, body });
    return await afterWrite(
      `The rollback of ${containerName(username)} to "${name}"`,
      () => readRollback(answer),
    );
  }

  /**
   * Plans a restore and returns what it would lose; changes nothing.
   *
   * @throws {ContainariumError} What `restore` would be refused with
   *
   * @example What would be lost?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice", snapshots: ["before"] }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { isRunning } = await client.snapshots.planRestore("alice", "before");
   * assertEquals(isRunning, true);
   * ```
   */
  async planRestore(
    username: string,
    name: string,
    options: Pick<RestoreOptions, keyof CallOptions | "discardNewer"> = {},
  ): Promise<RestorePlan> {
    using call = new CallDeadline(options);
    const { discardNewer = false } = options;
    requireSnapshotName(name);
    const container = await this.#containers.getWhole(username, call);
    requireRestorable(container);
    const snapshots = await this.list(username, call);
    return planRestore({ container, name, discardNewer }, snapshots);
  }

  /**
   * Kills a container if it runs, rolls it back, and starts it again. After a failure halfway, the
   * message reports its state, and it is started again if it was running.
   *
   * @throws {ContainariumError} `not_found` when there is no such container or snapshot;
   * `failed_precondition` if there are newer snapshots; `conflict` while it is being created;
   * `unsupported`; the error of a failed step, with what was done before it
   *
   * @example Restore a running container
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ zfs: true, containers: [{ username: "alice", snapshots: ["before"] }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { container } = await client.snapshots.restore("alice", "before");
   * assertEquals(container.state, "running");
   * ```
   */
  async restore(
    username: string,
    name: string,
    options: RestoreOptions = {},
  ): Promise<RestoreResult> {
    using call = new CallDeadline(options);
    const { discardNewer } = options;
    const plan = await this.planRestore(username, name, { ...call, discardNewer });
    const { agreed } = options;
    const problem = agreed === undefined ? undefined : unagreedLoss(plan, agreed);
    if (problem !== undefined) throw notAgreed(problem);
    if (agreed !== undefined && plan.isRunning) {
      refuseOtherDeletion(plan.container, agreed);
    }
    return await new Restoration(this.#containers, username, plan, {
      rollBack: (how) => this.rollback(username, name, how),
      planAgain: () => this.planRestore(username, name, { discardNewer: true }),
    }, { ...options, ...call }).run();
  }

  #path(username: string): ApiPath {
    return containerPath(username, "snapshots");
  }

  async #request(
    username: string,
    ...[method, path, options]: Parameters<Http["request"]>
  ): Promise<JsonObject> {
    try {
      return await this.#http.request(method, path, options);
    } catch (error) {
      throw await snapshotRefusal(error, this.#containers, username);
    }
  }
}

/** Returns whether the daemon refused for this reason, so nothing was done. */
function isRefusedFor(error: unknown, reason: ErrorReason): error is ContainariumError {
  return error instanceof ContainariumError && error.code === "failed_precondition" &&
    error.reason === reason;
}

import { containerName } from "../containers/username.ts";
import { together } from "../async/together.ts";
import { refuseOtherDeletion } from "../containers/agreed.ts";
import { ApiPath } from "../transport/api_path.ts";
import { PendingWork, type Work } from "../async/pending_work.ts";
import type { Container } from "../containers/container.ts";
import type { Containers } from "../containers/containers.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import type { System } from "./system.ts";
import { readListOf } from "../wire.ts";
import { type Backend, mergeBackends, readRow } from "./backend.ts";
import { type GpuCheck, readGpuCheck } from "./gpu_check.ts";
import { type HostFacts, hostFacts, type HostsById, KnownHosts } from "./hosts.ts";
import { checkMove, moveContainer, type MoveOptions, type MoveResult } from "./move.ts";

/** How to list hosts. */
export interface ListBackendsOptions extends CallOptions {
  /**
   * All containers, if the caller has just listed them.
   *
   * @default They are listed
   */
  readonly containers?: readonly Container[] | undefined;
}

/** The daemon makes a container for it, perhaps from an image that it has to download. */
const GPU_CHECK_MS = 10 * 60_000;

/** The hosts of the containers; `/v1/backends`. */
export class Backends implements Disposable {
  readonly #http: Http;
  readonly #system: System;
  readonly #containers: Containers;
  readonly #moves = new PendingWork<MoveResult>();
  readonly #known = new KnownHosts((signal) => this.#readHosts(signal));

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param system Reads what `/v1/backends` does not report
   * @param containers Reads the limits of containers
   */
  constructor(http: Http, system: System, containers: Containers) {
    this.#http = http;
    this.#system = system;
    this.#containers = containers;
  }

  /**
   * Lists the hosts, the one that answers first, from `GET /v1/backends`, `GET /v1/system/info` and
   * `GET /v1/containers`. A daemon without peers, or too old for backends, has one.
   *
   * @throws {ContainariumError} `permission_denied` without the admin role
   *
   * @example List them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const [local] = await client.backends.list();
   * assertEquals(local?.kind, "local");
   * ```
   */
  async list(options: ListBackendsOptions = {}): Promise<readonly Backend[]> {
    using call = new CallDeadline(options);
    // A token that may not read the first may not read the others.
    const listed = await this.#listed(call.signal);
    const [info, containers] = await together([
      this.#system.info(call),
      options.containers ?? this.#containers.list(call),
    ]);
    const order = (backend: Backend) => backend.kind === "peer" ? 1 : 0;
    return mergeBackends(listed, info, containers)
      .toSorted((a, b) => order(a) - order(b) || (a.id < b.id ? -1 : 1));
  }

  /**
   * Returns what the daemon reports of one host; kept for a minute. `undefined` if nothing is known
   * of that host, or if this token may not see the hosts.
   *
   * @param id Id of the host; absent: the host that answers
   * @throws {ContainariumError} `cancelled`
   *
   * @example Read what is known of the host that answers
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const host = await client.backends.hostOf(undefined);
   * assertEquals(host !== undefined, true);
   * ```
   */
  async hostOf(id: string | undefined, options: CallOptions = {}): Promise<HostFacts | undefined> {
    using call = new CallDeadline(options);
    const hosts = await this.#known.get(call.signal);
    return hosts.get(hosts.size === 1 ? undefined : id);
  }

  async #readHosts(signal: AbortSignal | undefined): Promise<HostsById> {
    const { host, peers } = await this.#system.info({ signal });
    const facts = hostFacts(host);
    const hosts = new Map([
      [undefined, facts],
      ...peers.map((peer): [string | undefined, HostFacts] => [peer.backendId, hostFacts(peer)]),
    ]);
    // Only the list has the id of the host that answers, and only if there are several.
    const rows = peers.length === 0 ? [] : (await this.#listed(signal)).map(readRow);
    for (const { id, kind } of rows) if (kind === "local") hosts.set(id, facts);
    return hosts;
  }

  async #listed(signal: AbortSignal | undefined): Promise<readonly unknown[]> {
    try {
      const answer = await this.#http.request("GET", new ApiPath("backends"), { signal });
      return readListOf(answer, "backends");
    } catch (error) {
      if (error instanceof ContainariumError && error.code === "unsupported") return [];
      throw error;
    }
  }

  /**
   * Tries a host's GPU in a container that the daemon makes for it and deletes; `POST /v1/validate-gpu`.
   * A GPU that does not work is an answer, not an error.
   *
   * @param id Id of the host; absent: the host that answers
   * @throws {ContainariumError} `permission_denied` without the admin role; `not_found` (`unknown_backend`)
   *
   * @example There is none
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { status } = await client.backends.checkGpu();
   * assertEquals(status, "unavailable");
   * ```
   */
  async checkGpu(id?: string, options: CallOptions = {}): Promise<GpuCheck> {
    using call = new CallDeadline(options);
    const body = { backendId: id };
    const held = { signal: call.signal, body, timeoutMs: GPU_CHECK_MS };
    try {
      return readGpuCheck(await this.#http.request("POST", new ApiPath("validate-gpu"), held));
    } catch (error) {
      const isUnknown = error instanceof ContainariumError && error.code === "not_found";
      if (!isUnknown) throw error;
      throw restate(error, `There is no host ${id ?? ""}`, { reason: "unknown_backend" });
    }
  }

  /**
   * Moves a container from the host that answers to another, and reads where it is afterwards;
   * `POST /v1/containers/{username}/move`, which the daemon answers when the move is done, after
   * minutes. The container is stopped for the last part. The request outlives this call and its
   * signal, since the daemon moves a container's routes only while the connection is open;
   * disposing the client ends it. The same call again joins the pending move, and for ten minutes
   * returns its outcome.
   *
   * @param target The id of a backend
   * @throws {ContainariumError} `permission_denied` without the admin role; `not_found`;
   * `invalid_argument` for an unknown backend; `failed_precondition` or `conflict` if it cannot be
   * moved; `ambiguous` if the response was lost and it is not there. All messages say where it is
   *
   * @example Move one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startTwoHosts } from "../../tests/two_hosts.ts"; // simulates two
   *
   * await using hosts = await startTwoHosts({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [hosts.near.url, await hosts.near.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const moved = await client.backends.move("alice", "far");
   * assertEquals(moved.kind, "moved");
   * ```
   */
  async move(username: string, target: string, options: MoveOptions = {}): Promise<MoveResult> {
    using call = new CallDeadline(options);
    const { waitMs = 600_000 } = options;
    const move = this.#moves.join(username, target) ??
      await this.#begin(username, target, { ...options, ...call });
    const ended = await this.#moves.wait(username, move, waitMs, call.signal);
    return ended?.value ?? { kind: "moving" };
  }

  /**
   * Returns whether a move is in progress or ended recently, so that the same call starts none.
   *
   * @example Ask whether a move is in progress
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(client.backends.isMoving("alice", "far"), false);
   * ```
   */
  isMoving(username: string, target: string): boolean {
    return this.#moves.has(username, target);
  }

  async #begin(username: string, target: string, options: MoveOptions): Promise<Work<MoveResult>> {
    const { signal } = options;
    const backends = await this.list({ signal });
    const rows = await this.#containers.list({ username, signal });
    const before = checkMove(username, target, backends, rows);
    const { agreed } = options;
    if (agreed !== undefined && before.state !== "stopped") refuseOtherDeletion(before, agreed);
    return this.#moves.begin(
      username,
      { key: target, title: `The move of ${containerName(username)} to ${target}` },
      (closed) =>
        moveContainer(this.#http, this.#containers, before, target, { ...options, signal: closed }),
    );
  }

  /** Abandons the moves in progress: the daemon may still execute them. */
  [Symbol.dispose](): void {
    this.#moves[Symbol.dispose]();
  }
}

import { together } from "../async/together.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { isSameContainer } from "./agreed.ts";
import type { Container, ContainerState } from "./container.ts";
import { type ContainerRow, readContainer } from "./container_row.ts";
import { diagnose, type Diagnosis } from "./diagnosis.ts";
import { ContainariumError } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { type ListOptions, listRows } from "./list.ts";
import { poll } from "../async/poll.ts";
import { containerPath } from "./username.ts";

/** How to wait for a state. */
export interface WaitOptions extends CallOptions {
  /**
   * Milliseconds to wait for the state. After that the call returns the container as it is.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
  /** Called with each new state. */
  readonly onState?: ((state: ContainerState) => void) | undefined;
}

const pace = { firstMs: 250, factor: 1.5, maxMs: 2_000 };

/** States in which a stop has an effect. */
const stoppable: ReadonlySet<ContainerState> = new Set(["running", "frozen", "unknown"]);

/** Reads containers, and changes nothing. */
export class ContainerReader {
  readonly #http: Http;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   */
  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Lists containers, by username; `GET /v1/containers`. Without the admin role, only your own.
   *
   * @throws {ContainariumError}
   *
   * @example List the running ones
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const [alice] = await client.containers.list({ state: "running" });
   * assertEquals(alice?.username, "alice");
   * ```
   */
  async list(options: ListOptions = {}): Promise<readonly Container[]> {
    return (await this.listRows(options)).map((row) => row.read());
  }

  /**
   * Lists containers as {@linkcode list} does, and reads each when it is asked for, which is faster
   * where few of many are shown.
   *
   * @throws {ContainariumError}
   *
   * @example Read the newest
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const rows = await client.containers.listRows();
   * const [newest] = rows.toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt));
   * assertEquals(newest?.read().username, "alice");
   * ```
   */
  async listRows(options: ListOptions = {}): Promise<readonly ContainerRow[]> {
    using call = new CallDeadline(options);
    return await listRows(this.#http, { ...options, ...call });
  }

  /**
   * Reads one container; `GET /v1/containers/{username}`. After a failed create the daemon reports
   * ERROR forever, even for a container that is healthy since, so `get` checks an ERROR against the
   * list.
   *
   * @throws {ContainariumError} `not_found` when there is none
   *
   * @example Read one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { state } = await client.containers.get("alice");
   * assertEquals(state, "running");
   * ```
   */
  async get(username: string, options: CallOptions = {}): Promise<Container> {
    using call = new CallDeadline(options);
    const container = await this.getRaw(username, call);
    if (container.state !== "failed") return container;
    const [listed] = await this.list({ ...call, username });
    return listed ?? container;
  }

  /**
   * Gets a container without checking a stale ERROR against the list.
   *
   * @throws {ContainariumError} `not_found` when there is none
   *
   * @example Read one as the daemon reports it
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { name } = await client.containers.getRaw("alice");
   * assertEquals(name, "alice-container");
   * ```
   */
  async getRaw(username: string, options: CallOptions = {}): Promise<Container> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", containerPath(username), call);
    return readContainer(answer.container);
  }

  /**
   * Gets a container with the fields that only the list has: when it stopped, and whether a stop
   * starts its deletion.
   *
   * @throws {ContainariumError} `not_found` when there is none
   *
   * @example Read when a stop leads to its deletion
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice", deleteAfterStoppedSeconds: 3600 }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { deleteAfterStoppedSeconds } = await client.containers.getWhole("alice");
   * assertEquals(deleteAfterStoppedSeconds, 3600);
   * ```
   */
  async getWhole(username: string, options: CallOptions = {}): Promise<Container> {
    using call = new CallDeadline(options);
    return (await this.#readWhole(username, call)).container;
  }

  /**
   * Gets a container as `getWhole` does, before a stop. Without the list nobody knows whether the
   * stop deletes it.
   *
   * @throws {ContainariumError} `not_found` when there is none; `failed_precondition` for a running
   * one that the daemon does not list
   *
   * @example Learn that a stop starts a deletion
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({
   *   containers: [{ username: "alice", deleteAfterStoppedSeconds: 3600 }],
   * });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { deleteAfterStoppedSeconds } = await client.containers.getForStop("alice");
   * assertEquals(deleteAfterStoppedSeconds, 3600);
   * ```
   */
  async getForStop(username: string, options: CallOptions = {}): Promise<Container> {
    using call = new CallDeadline(options);
    const { container, isListed } = await this.#readWhole(username, call);
    if (isListed || !stoppable.has(container.state)) return container;
    throw new ContainariumError(
      "failed_precondition",
      `The daemon's list lacks ${container.name}, so whether a stop starts its deletion is not known. ` +
        "Nothing was changed",
      { details: { username } },
    );
  }

  async #readWhole(
    username: string,
    options: CallOptions,
  ): Promise<{ readonly container: Container; readonly isListed: boolean }> {
    const [container, rows] = await together([
      this.get(username, options),
      this.list({ ...options, username }),
    ]);
    // Two hosts may each have one of that name, and the daemon filters by name only.
    const listed = rows.find((row) => isSameContainer(row, container)) ?? rows[0];
    const { stoppedAt, deleteAfterStoppedSeconds } = listed ?? {};
    return {
      container: { ...container, stoppedAt, deleteAfterStoppedSeconds },
      isListed: listed !== undefined,
    };
  }

  /**
   * Gets a container as `getForStop` does, or returns `undefined` if there is none.
   *
   * @throws {ContainariumError}
   *
   * @example Look for one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.containers.findWhole("bob"), undefined);
   * ```
   */
  async findWhole(username: string, options: CallOptions = {}): Promise<Container | undefined> {
    return await ifFound(this.getForStop(username, options));
  }

  /**
   * Gets a container, or returns `undefined` if there is none.
   *
   * @throws {ContainariumError}
   *
   * @example Look for one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const alice = await client.containers.find("alice");
   * assertEquals([alice?.state, await client.containers.find("bob")], ["running", undefined]);
   * ```
   */
  async find(username: string, options: CallOptions = {}): Promise<Container | undefined> {
    return await ifFound(this.get(username, options));
  }

  /**
   * Polls a container until it is in a state or the wait ends. A failed creation also ends it.
   *
   * @returns The container as read last
   * @throws {ContainariumError} `not_found` when there is none
   *
   * @example Wait until one runs
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { state } = await client.containers.waitFor("alice", "running", { waitMs: 5_000 });
   * assertEquals(state, "running");
   * ```
   */
  async waitFor(
    username: string,
    state: ContainerState,
    options: WaitOptions = {},
  ): Promise<Container> {
    using call = new CallDeadline(options);
    const { waitMs = 600_000, onState } = options;
    let seen: ContainerState | undefined;
    const look = async () => {
      const container = await this.get(username, call);
      if (container.state !== seen) onState?.(container.state);
      seen = container.state;
      return container;
    };
    const isDone = (now: Container) => now.state === state || now.state === "failed";
    return await poll(look, isDone, { ...pace, timeoutMs: waitMs, signal: call.signal });
  }

  /**
   * Gets the daemon's diagnosis of a container and its host account, even if there is no container;
   * `GET /v1/containers/{username}/debug`.
   *
   * @throws {ContainariumError} `not_found` or `unsupported` when the daemon is older than 0.16.5
   *
   * @example Ask what is wrong
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { containerState } = await client.containers.diagnose("bob");
   * assertEquals(containerState, "missing");
   * ```
   */
  async diagnose(username: string, options: CallOptions = {}): Promise<Diagnosis> {
    using call = new CallDeadline(options);
    return await diagnose(this.#http, username, call.signal);
  }
}

async function ifFound(found: Promise<Container>): Promise<Container | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "not_found") return undefined;
    throw error;
  }
}

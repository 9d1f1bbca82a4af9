import { CallDeadline } from "../async/call_deadline.ts";
import { cleanUpDisk, type CleanupOptions, type CleanupResult } from "./cleanup.ts";
import { createContainer } from "./create.ts";
import type { CreateOptions, CreateResult } from "./create_options.ts";
import { deleteContainer, type DeleteOptions, type DeleteResult } from "./delete.ts";
import type { Http } from "../transport/http.ts";
import { RecoverableContainers } from "./recoverable.ts";
import { checkResize, resizeContainer, type ResizeOptions, type ResizeResult } from "./resize.ts";
import { restartContainer, type RestartOptions, type RestartResult } from "./restart.ts";
import {
  type ChangeResult,
  startContainer,
  type StartOptions,
  stopContainer,
  type StopOptions,
} from "./start_stop.ts";
import { updateContainer, type UpdateOptions, type UpdateResult } from "./update.ts";

/** The containers of a daemon; `/v1/containers`. */
export class Containers extends RecoverableContainers {
  readonly #http: Http;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   */
  constructor(http: Http) {
    super(http);
    this.#http = http;
  }

  /**
   * Creates a container and waits until it is ready; `POST /v1/containers`, asynchronously, then
   * polled.
   *
   * @throws {ContainariumError} `conflict` when the user has one already, before anything is sent
   *
   * @example Create one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { ready, container } = await client.containers.create({ username: "bob", cpu: "2" });
   * assertEquals([ready, container.cpu], [true, "2"]);
   * ```
   */
  async create(options: CreateOptions): Promise<CreateResult> {
    using call = new CallDeadline(options);
    return await createContainer(this.#http, this, { ...options, ...call });
  }

  /**
   * Deletes a container with its disk and verifies that it is gone; `DELETE
   * /v1/containers/{username}`. The daemon also removes the host account of that name with its
   * home. If there is none, the call succeeds with `deleted: false`.
   *
   * @throws {ContainariumError} `failed_precondition` if it is protected or not what was agreed to
   *
   * @example Delete one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { deleted } = await client.containers.delete("alice");
   * assertEquals(deleted, true);
   * ```
   */
  async delete(username: string, options: DeleteOptions = {}): Promise<DeleteResult> {
    using call = new CallDeadline(options);
    return await deleteContainer(this.#http, this, username, { ...options, ...call });
  }

  /**
   * Sets new limits and verifies them; `PUT /v1/containers/{username}/resize`.
   *
   * @throws {ContainariumError} `not_found`; `failed_precondition` for a disk that would shrink;
   * the message of any failure says what was changed
   *
   * @example Give one more memory
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { after } = await client.containers.resize("alice", { memory: "8GB" });
   * assertEquals(after, { memory: "8GB" });
   * ```
   */
  async resize(username: string, options: ResizeOptions): Promise<ResizeResult> {
    using call = new CallDeadline(options);
    return await resizeContainer(this.#http, this, username, { ...options, ...call });
  }

  /**
   * Throws what {@linkcode resize} would refuse now, and changes nothing.
   *
   * @throws {ContainariumError} `not_found`; `failed_precondition` for a disk that would shrink
   *
   * @example See whether a disk may have another size
   * ```ts
   * import { assertRejects } from "@std/assert";
   * import { ContainariumClient, ContainariumError } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const check = () => client.containers.checkResize("alice", { disk: "1GB" });
   * await assertRejects(check, ContainariumError, "less than");
   * ```
   */
  async checkResize(username: string, options: ResizeOptions): Promise<void> {
    using call = new CallDeadline(options);
    await checkResize(this.#http, this, username, { ...options, ...call });
  }

  /**
   * Frees disk space inside a running container; `POST /v1/containers/{username}/cleanup-disk`. The
   * daemon deletes everything in /tmp, hidden files too, and the caches of apt and dnf, and trims
   * the journal to 50 MB.
   *
   * @throws {ContainariumError} `not_found`; `failed_precondition` if it does not run, or is not
   * what was agreed to
   *
   * @example Free disk space in one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice", cleanableBytes: 1_000_000 }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { freedBytes } = await client.containers.cleanUpDisk("alice");
   * assertEquals(freedBytes, 1_000_000);
   * ```
   */
  async cleanUpDisk(username: string, options: CleanupOptions = {}): Promise<CleanupResult> {
    using call = new CallDeadline(options);
    return await cleanUpDisk(this.#http, this, username, { ...options, ...call });
  }

  /**
   * Changes labels, time to live, protection and auto-sleep with one request each, and verifies
   * them.
   *
   * @throws {ContainariumError} `invalid_argument` if nothing is to be changed; `not_found`;
   * `failed_precondition` for a container on another host. The message of any failure says what was
   * set before
   *
   * @example Label and protect one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { container } = await client.containers.update("alice", {
   *   labels: { team: "dev" },
   *   isProtected: true,
   * });
   * assertEquals([container.labels, container.isProtected], [{ team: "dev" }, true]);
   * ```
   */
  async update(username: string, options: UpdateOptions): Promise<UpdateResult> {
    using call = new CallDeadline(options);
    return await updateContainer(this, username, { ...options, ...call });
  }

  /**
   * Starts a container and waits for its IP address; `POST /v1/containers/{username}/start`.
   *
   * @throws {ContainariumError} `not_found` when there is none; `failed_precondition` when it is
   * frozen
   *
   * @example Start one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { changed, container } = await client.containers.start("alice");
   * assertEquals([changed, container.state], [true, "running"]);
   * ```
   */
  async start(username: string, options: StartOptions = {}): Promise<ChangeResult> {
    using call = new CallDeadline(options);
    return await startContainer(this.#http, this, username, { ...options, ...call });
  }

  /**
   * Stops a container; `POST /v1/containers/{username}/stop`.
   *
   * @throws {ContainariumError} `not_found` when there is none; `conflict` while it is being
   * created; `failed_precondition` for a stop that starts a deletion that was not agreed to
   *
   * @example Stop one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { changed, container } = await client.containers.stop("alice");
   * assertEquals([changed, container.state], [true, "stopped"]);
   * ```
   */
  async stop(username: string, options: StopOptions = {}): Promise<ChangeResult> {
    using call = new CallDeadline(options);
    return await stopContainer(this.#http, this, username, { ...options, ...call });
  }

  /**
   * Stops a container and starts it again; a stopped one is only started.
   *
   * @throws {ContainariumError} As `stop` and `start` do. If the start fails, the message says in what
   * state the container is; reason `left_stopped` if it is stopped
   *
   * @example Restart one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { steps } = await client.containers.restart("alice");
   * assertEquals(steps, ["stop", "start"]);
   * ```
   */
  async restart(username: string, options: RestartOptions = {}): Promise<RestartResult> {
    using call = new CallDeadline(options);
    return await restartContainer(this.#http, this, username, { ...options, ...call });
  }
}

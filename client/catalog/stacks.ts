import { ApiPath } from "../transport/api_path.ts";
import { type Container, isOfPeer } from "../containers/container.ts";
import type { Containers } from "../containers/containers.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { nearest } from "../text/nearest.ts";
import { containerPath } from "../containers/username.ts";
import { readList, readListOf, readObject, readText } from "../wire.ts";
import { MAX_HELD_MS, PendingWork } from "../async/pending_work.ts";
import { type CatalogParameter, readParameter } from "./recipe.ts";
import { unknownStack } from "./stack_checks.ts";

/** Software that can be installed in a container. */
export interface Stack {
  /** Its name for `install`: `nodejs`. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** What it installs. */
  readonly description: string;
  /** Its parameters at creation; a later installation has none. */
  readonly parameters: readonly CatalogParameter[];
}

/** How to install a stack. */
export interface InstallOptions extends CallOptions {
  /**
   * Milliseconds to wait until it is installed. The installation continues after that.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
  /**
   * Called before anything is sent, unless the call joins an installation in progress. Throwing refuses it.
   *
   * @default The request is sent
   */
  readonly before?: ((signal: AbortSignal) => Promise<void>) | undefined;
}

/** A stack that is installed, or that is still being installed when the wait ends. */
export type InstallResult =
  | { readonly done: false }
  | {
    readonly done: true;
    /** The daemon's message. It ignores errors of a stack's own commands. */
    readonly message: string;
  };

/** The stacks; `/v1/stacks`. */
export class Stacks implements Disposable {
  readonly #http: Http;
  readonly #containers: Containers;
  readonly #pending = new PendingWork<string>();

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param containers Reads containers
   */
  constructor(http: Http, containers: Containers) {
    this.#http = http;
    this.#containers = containers;
  }

  /**
   * Lists the stacks; `GET /v1/stacks`. Base scripts, such as `ntp`, can be installed and are not
   * listed.
   *
   * @throws {ContainariumError} `unsupported` when the daemon is too old
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
   * const stacks = await client.stacks.list();
   * assertEquals(stacks.some(({ id }) => id === "nodejs"), true);
   * ```
   */
  async list(options: CallOptions = {}): Promise<readonly Stack[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("stacks"), call);
    return readListOf(answer, "stacks").map(readStack);
  }

  /**
   * Installs a stack in a running container; `POST /v1/containers/{username}/install-stack`. The
   * daemon holds the request open until it is done, for minutes, and continues if the client
   * disconnects. The same call again joins the pending installation, and for ten minutes returns
   * its outcome.
   *
   * @param id The id of a stack, or of a base script
   * @throws {ContainariumError} `invalid_argument` for an unknown stack; `failed_precondition` when
   * the container does not run or is on another host; `conflict` while another stack is being
   * installed in it
   *
   * @example Install Node.js
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { done } = await client.stacks.install("alice", "nodejs");
   * assertEquals(done, true);
   * ```
   */
  async install(
    username: string,
    id: string,
    options: InstallOptions = {},
  ): Promise<InstallResult> {
    using call = new CallDeadline(options);
    const { waitMs = 600_000, before } = options;
    const container = await this.#containers.get(username, call);
    refuseUnready(container);
    const work = this.#pending.begin(username, {
      // An earlier container of that name took its installed stacks with it.
      key: JSON.stringify([id, container.createdAt]),
      title: `The installation of ${id} in ${container.name}`,
    }, async (held) => {
      await before?.(held);
      return await this.#post(username, id, held);
    });
    const ended = await this.#pending.wait(username, work, waitMs, call.signal);
    return ended === undefined ? { done: false } : { done: true, message: ended.value };
  }

  async #post(username: string, id: string, signal: AbortSignal): Promise<string> {
    const path = containerPath(username, "install-stack");
    const body = { stackId: id };
    try {
      const answer = await this.#http.request("POST", path, {
        signal,
        body,
        timeoutMs: MAX_HELD_MS,
      });
      return readText(answer.message) ?? `${id} is installed`;
    } catch (error) {
      throw await this.#withMeant(error, id, signal);
    }
  }

  async #withMeant(error: unknown, id: string, signal: AbortSignal): Promise<unknown> {
    if (!(error instanceof ContainariumError) || error.reason !== "unknown_stack") return error;
    const ids = (await this.list({ signal }).catch(() => [])).map((stack) => stack.id);
    return restate(error, unknownStack(id, ids), {
      details: { meant: nearest(id, ids) },
    });
  }

  /** Drops the pending requests. */
  [Symbol.dispose](): void {
    this.#pending[Symbol.dispose]();
  }
}

function refuseUnready(container: Container): void {
  const { name, username, state, backendId } = container;
  if (state === "creating" || state === "provisioning") {
    throw new ContainariumError("conflict", `${name} is still being created (${state})`, {
      reason: "being_created",
      details: { username },
    });
  }
  if (isOfPeer(container)) {
    throw new ContainariumError(
      "failed_precondition",
      `${name} is on another host: this daemon installs stacks only on its own, so ask the daemon ` +
        `of that host`,
      { reason: "other_host", details: { username, backend: backendId } },
    );
  }
  if (state === "running") return;
  throw new ContainariumError(
    "failed_precondition",
    `${name} is ${state}: a stack can be installed only while it runs`,
    { reason: "not_running", details: { username } },
  );
}

function readStack(value: unknown): Stack {
  const wire = readObject(value, "stack");
  const id = readText(wire.id) ?? "";
  return {
    id,
    name: readText(wire.name) ?? id,
    description: readText(wire.description) ?? "",
    parameters: readList(wire.parameters, "parameters").map(readParameter),
  };
}

import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { Http } from "../transport/http.ts";
import { deleteLater, type DeleteLaterOptions, type DeleteLaterResult } from "./delete_later.ts";
import { ContainerSettings } from "./settings.ts";
import { undelete, type UndeleteResult } from "./undelete.ts";

/** Deletes containers so that they can be recovered for a while. */
export class RecoverableContainers extends ContainerSettings {
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
   * Stops a container and has the daemon delete it later, with the time to live. A label records when and
   * how to undo it with `undelete`. What the daemon keeps under its name stays. If there is none, the call
   * succeeds without a container.
   *
   * @throws {ContainariumError} `failed_precondition` with the reason `protected`, `not_recoverable` (it is
   * on another host, frozen, or being created), or if it is not what was agreed to; then nothing was
   * changed
   *
   * @example Delete one, and recover it
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { container } = await client.containers.deleteLater("alice", { graceSeconds: 86_400 });
   * assertEquals(container?.state, "stopped");
   * const { container: restored } = await client.containers.undelete("alice");
   * assertEquals([restored.state, restored.ttlExpiresAt], ["running", undefined]);
   * ```
   */
  async deleteLater(username: string, options: DeleteLaterOptions): Promise<DeleteLaterResult> {
    using call = new CallDeadline(options);
    return await deleteLater(this.#http, this, username, { ...options, ...call });
  }

  /**
   * Undoes `deleteLater`: restores the time to live, starts the container if it ran, and removes the label.
   *
   * @throws {ContainariumError} `not_found` when there is no such container any more; as `start` does, but
   * then it is no longer deleted
   *
   * @example Undo what was not done
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { changed } = await client.containers.undelete("alice");
   * assertEquals(changed, false);
   * ```
   */
  async undelete(username: string, options: CallOptions = {}): Promise<UndeleteResult> {
    using call = new CallDeadline(options);
    return await undelete(this.#http, this, username, call);
  }
}

import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { notAgreed } from "../containers/agreed.ts";
import { containerPath } from "../containers/username.ts";
import type { Http } from "../transport/http.ts";
import { readList } from "../wire.ts";
import { type Collaborator, readCollaborator } from "./collaborator.ts";

/** How to remove a collaborator. */
export interface RemoveCollaboratorOptions extends CallOptions {
  /**
   * Removes only this grant; refuses if the collaborator was added anew since.
   *
   * @default The current one
   */
  readonly agreed?: Collaborator | undefined;
}

/** Result of a removal. */
export interface RemoveCollaboratorResult {
  /** The collaborator that was removed. Absent if there was none of that name. */
  readonly removed: Collaborator | undefined;
}

/**
 * Those who have an account of their own in another user's container;
 * `/v1/containers/{username}/collaborators`. They belong to the username: they outlive the container, and a
 * new one of its name lists them.
 */
export class Collaborators {
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
   * Lists a container's collaborators, the newest first. Empty also if there is no container.
   *
   * @throws {ContainariumError} `permission_denied`; `unsupported` for a daemon that has none
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
   * assertEquals(await client.collaborators.list("alice"), []);
   * ```
   */
  async list(username: string, options: CallOptions = {}): Promise<readonly Collaborator[]> {
    using call = new CallDeadline(options);
    const path = containerPath(username, "collaborators");
    const answer = await this.#http.request("GET", path, call);
    return readList(answer.collaborators, "collaborators").map(readCollaborator);
  }

  /**
   * Removes a collaborator with the account; `DELETE …/collaborators/{name}`. The container may be gone. If
   * there is no such collaborator, nothing is sent.
   *
   * @throws {ContainariumError} `failed_precondition` if it is not the one agreed to; `permission_denied`
   *
   * @example Remove one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { removed } = await client.collaborators.remove("alice", "amy");
   * assertEquals(removed, undefined);
   * ```
   */
  async remove(
    username: string,
    name: string,
    options: RemoveCollaboratorOptions = {},
  ): Promise<RemoveCollaboratorResult> {
    using call = new CallDeadline(options);
    const { agreed } = options;
    const removed = (await this.list(username, call)).find((one) => one.name === name);
    if (removed === undefined) return { removed };
    if (agreed !== undefined && agreed.id !== removed.id) {
      throw notAgreed(`The removal of ${JSON.stringify(name)} was not agreed to: added anew since`);
    }
    await this.#http.request("DELETE", containerPath(username, "collaborators", name), call);
    return { removed };
  }
}

import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { Container } from "../containers/container.ts";
import { type AgreedContainer, notAgreed, refuseOther } from "../containers/agreed.ts";
import type { Containers } from "../containers/containers.ts";
import { containerName, containerPath } from "../containers/username.ts";
import { ContainariumError } from "../errors.ts";
import { daemonKeyProblem } from "../ssh_keys/public_key.ts";
import { afterWrite } from "../transport/after_write.ts";
import type { Http } from "../transport/http.ts";
import { readListOf } from "../wire.ts";
import { type Collaborator, readCollaborator } from "./collaborator.ts";
import { accountProblem, collaboratorProblem } from "./collaborator_problem.ts";

/** How to add a collaborator. */
export interface AddCollaboratorOptions extends CallOptions {
  /**
   * Whether the account may use sudo: it can then do whatever the owner can.
   *
   * @default {false}
   */
  readonly hasSudo?: boolean | undefined;
  /**
   * Whether the account may run containers with Podman.
   *
   * @default {false}
   */
  readonly hasContainerRuntime?: boolean | undefined;
  /**
   * Adds the account only in this container; refuses if it was recreated since.
   *
   * @default The current one
   */
  readonly agreed?: AgreedContainer | undefined;
}

/** Result of an addition. */
export interface AddCollaboratorResult {
  /** The collaborator, as the daemon lists it afterwards. */
  readonly collaborator: Collaborator;
  /** The container. */
  readonly container: Container;
}

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
  readonly #containers: Pick<Containers, "find" | "getWhole">;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param containers Reads the containers that have accounts
   */
  constructor(http: Http, containers: Pick<Containers, "find" | "getWhole">) {
    this.#http = http;
    this.#containers = containers;
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
    return readListOf(answer, "collaborators").map(readCollaborator);
  }

  /**
   * Gives somebody an account of their own in a running container, and reads back that the daemon did;
   * `POST …/collaborators`. Its rights and keys cannot be changed later, only removed with it.
   *
   * @param keys SSH public keys, lines of a `.pub` file
   * @throws {ContainariumError} `invalid_argument` for a name that does not fit or a key that is none, such
   * as a private one, of which nothing is repeated; `conflict` (`collaborator_exists`); `not_found` when there
   * is no container; `failed_precondition` (`not_running`, `changed_since_agreed`); `internal` (`not_applied`)
   *
   * @example Let Bob in
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGho bob@laptop";
   * const { collaborator } = await client.collaborators.add("alice", "bob", [key]);
   * assertEquals([collaborator.accountName, collaborator.hasSudo], ["alice-container-bob", false]);
   * ```
   */
  async add(
    username: string,
    name: string,
    keys: readonly string[],
    options: AddCollaboratorOptions = {},
  ): Promise<AddCollaboratorResult> {
    using call = new CallDeadline(options);
    const { hasSudo = false, hasContainerRuntime = false, agreed } = options;
    refuseProblem(username, name, keys);
    const container = await this.#containers.getWhole(username, call);
    if (agreed !== undefined) refuseOther(container, agreed, `The account of ${name}`);
    requireRunning(container, "an account is added while it runs");
    if ((await this.list(username, call)).some((one) => one.name === name)) {
      throw new ContainariumError(
        "conflict",
        `${name} is a collaborator of ${containerName(username)} already`,
        { reason: "collaborator_exists", details: { username } },
      );
    }
    const body = {
      collaboratorUsername: name,
      sshPublicKeys: keys.map((key) => key.trim()),
      // Older daemons may not know them.
      grantSudo: hasSudo || undefined,
      grantContainerRuntime: hasContainerRuntime || undefined,
    };
    await this.#http.request("POST", containerPath(username, "collaborators"), { ...call, body });
    const what = `The account of ${name} in ${containerName(username)}`;
    const collaborator = (await afterWrite(what, () => this.list(username, call)))
      .find((one) => one.name === name);
    const isKept = collaborator?.hasSudo === hasSudo &&
      collaborator.hasContainerRuntime === hasContainerRuntime &&
      collaborator.keys.length === keys.length;
    if (isKept) return { collaborator, container };
    throw new ContainariumError("internal", `${what} is not as it was asked for`, {
      reason: "not_applied",
      details: { username },
    });
  }

  /**
   * Removes a collaborator with the account; `DELETE …/collaborators/{name}`. The container may be gone, but one
   * that there is has to run: the daemon would report success and leave the account in it. If there is no such
   * collaborator, nothing is sent.
   *
   * @throws {ContainariumError} `failed_precondition` (`not_running`, or `changed_since_agreed`);
   * `permission_denied`
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
    const container = await this.#containers.find(username, call);
    if (container !== undefined) {
      requireRunning(container, "the daemon would leave the account in it");
    }
    await this.#http.request("DELETE", containerPath(username, "collaborators", name), call);
    return { removed };
  }
}

function refuseProblem(username: string, name: string, keys: readonly string[]): void {
  const problem = collaboratorProblem(name) ?? accountProblem(username, name) ??
    (keys.length === 0 ? "a collaborator needs at least one SSH public key" : undefined) ??
    keys.map(daemonKeyProblem).find((one) => one !== undefined);
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
}

function requireRunning({ username, state }: Container, why: string): void {
  if (state === "running") return;
  throw new ContainariumError(
    "failed_precondition",
    `${containerName(username)} is ${state}: ${why}`,
    { reason: "not_running", details: { username } },
  );
}

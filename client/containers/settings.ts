import { afterWrite } from "../transport/after_write.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { Http } from "../transport/http.ts";
import { segmentProblem } from "../transport/api_path.ts";
import { type Firewall, readFirewall, readIsAttached } from "./firewall.ts";
import { ContainerReader } from "./reader.ts";
import { containerName, containerPath } from "./username.ts";
import { readStringMap, readTime } from "../wire.ts";

/**
 * Returns why a key cannot be a label's, or `undefined` if it can. The API could set a key that it
 * cannot address, and never remove it.
 */
export function labelKeyProblem(key: string): string | undefined {
  return segmentProblem(key, "key");
}

/** Changes labels, time to live, protection and auto-sleep; each change is one request. */
export class ContainerSettings extends ContainerReader {
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
   * Sets labels and keeps the others; `POST /v1/containers/{name}/attribution`, which unlike the
   * label endpoint checks the token.
   *
   * @returns Every label afterwards, with the daemon's own `os-type`
   * @throws {ContainariumError} `not_found` when there is no such container
   *
   * @example Set a label
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const labels = await client.containers.setLabels("alice", { team: "dev" });
   * assertEquals(labels.team, "dev");
   * ```
   */
  async setLabels(
    username: string,
    labels: Readonly<Record<string, string>>,
    options: CallOptions = {},
  ): Promise<Readonly<Record<string, string>>> {
    using call = new CallDeadline(options);
    const path = containerPath(username, "attribution");
    const answer = await this.#http.request("POST", path, { ...call, body: { labels } });
    return await afterWrite(
      `The change of the labels of ${containerName(username)}`,
      () => readStringMap(answer.labels, "labels"),
    );
  }

  /**
   * Removes one label; `DELETE /v1/containers/{username}/labels/{key}`. Removing a missing one
   * succeeds.
   *
   * @param key Without `/`: the daemon reads only what is before it
   * @throws {ContainariumError} `not_found` when there is no such container; `invalid_argument` for
   * a key that its API cannot address
   *
   * @example Remove a label
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice", labels: { team: "dev" } }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.containers.removeLabel("alice", "team");
   * assertEquals((await client.containers.get("alice")).labels, {});
   * ```
   */
  async removeLabel(username: string, key: string, options: CallOptions = {}): Promise<void> {
    using call = new CallDeadline(options);
    const path = containerPath(username, "labels", key);
    await this.#http.request("DELETE", path, call);
  }

  /**
   * Sets or clears the time to live; `POST /v1/containers/{name}/ttl`.
   *
   * @param seconds From now, at most 604,800; 0 clears it
   * @returns When the daemon will delete it
   * @throws {ContainariumError} `not_found` when there is no such container
   *
   * @example Have one deleted in an hour
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const deletedAt = await client.containers.setTtl("alice", 3_600);
   * assertEquals((await client.containers.get("alice")).ttlExpiresAt, deletedAt);
   * ```
   */
  async setTtl(
    username: string,
    seconds: number,
    options: CallOptions = {},
  ): Promise<Date | undefined> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("POST", containerPath(username, "ttl"), {
      ...call,
      body: { durationSeconds: String(seconds) },
    });
    return readTime(answer.ttlExpiresAt);
  }

  /**
   * Protects a container from deletion, or removes the protection; `POST /v1/containers/{name}/delete-policy`.
   * Only the daemon's sweeper respects it; a delete does not.
   *
   * @throws {ContainariumError} `not_found` when there is no such container
   *
   * @example Protect one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.containers.setProtected("alice", true);
   * assertEquals((await client.containers.get("alice")).isProtected, true);
   * ```
   */
  async setProtected(
    username: string,
    isProtected: boolean,
    options: CallOptions = {},
  ): Promise<void> {
    using call = new CallDeadline(options);
    await this.#http.request("POST", containerPath(username, "delete-policy"), {
      ...call,
      body: { deletePolicy: `DELETE_POLICY_${isProtected ? "PROTECTED" : "UNSPECIFIED"}` },
    });
  }

  /**
   * Sets after how many idle minutes the daemon stops it;
   * `POST /v1/containers/{username}/auto-sleep`.
   *
   * @param minutes 0 switches it off
   * @throws {ContainariumError} `not_found` when there is no such container
   *
   * @example Stop one after half an idle hour
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.containers.setAutoSleep("alice", 30);
   * assertEquals((await client.containers.get("alice")).autoSleepMinutes, 30);
   * ```
   */
  async setAutoSleep(
    username: string,
    minutes: number,
    options: CallOptions = {},
  ): Promise<void> {
    using call = new CallDeadline(options);
    await this.#http.request("POST", containerPath(username, "auto-sleep"), {
      ...call,
      body: minutes === 0 ? { enabled: false } : { enabled: true, idleThresholdMinutes: minutes },
    });
  }

  /**
   * Switches monitoring on or off; `POST /v1/containers/{username}/monitoring`. The daemon restarts
   * a running container, even if nothing changes.
   *
   * @throws {ContainariumError} `not_found`; `failed_precondition` where there is no collector
   *
   * @example Monitor one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }], coreServices: ["otelcollector"] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.containers.setMonitored("alice", true);
   * assertEquals((await client.containers.get("alice")).isMonitored, true);
   * ```
   */
  async setMonitored(
    username: string,
    isMonitored: boolean,
    options: CallOptions = {},
  ): Promise<void> {
    using call = new CallDeadline(options);
    await this.#http.request("POST", containerPath(username, "monitoring"), {
      ...call,
      body: { enabled: isMonitored },
    });
  }

  /**
   * Gets the firewall that the daemon has stored for a container, whether or not it is in force;
   * `GET /v1/containers/{username}/acl`.
   *
   * @returns `undefined` for none
   * @throws {ContainariumError} `not_found` when there is no such container
   *
   * @example Read it
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.containers.getFirewall("alice"), undefined);
   * ```
   */
  async getFirewall(username: string, options: CallOptions = {}): Promise<Firewall | undefined> {
    using call = new CallDeadline(options);
    return await readFirewall(this.#http, username, call);
  }

  /**
   * Gets the firewall that is in force for a container; `GET /v1/containers/{username}/acl` and
   * `GET /v1/network/topology`.
   *
   * @returns `undefined` for none, and if that is unknown: only an administrator's token can read it
   * @throws {ContainariumError} `not_found` when there is no such container
   *
   * @example Read it
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice", staticIp: true }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.containers.setFirewall("alice", "http_only");
   * assertEquals(await client.containers.getFirewallInForce("alice"), "http_only");
   * ```
   */
  async getFirewallInForce(
    username: string,
    options: CallOptions = {},
  ): Promise<Firewall | undefined> {
    using call = new CallDeadline(options);
    const stored = await readFirewall(this.#http, username, call);
    if (stored === undefined) return undefined;
    return await readIsAttached(this.#http, username, call) ? stored : undefined;
  }

  /**
   * Sets the firewall; `PUT /v1/containers/{username}/acl`. It works only for a container that was
   * created with a static address.
   *
   * @throws {ContainariumError} `not_found`; `failed_precondition` if the container has no static
   * address, though the daemon then reports the firewall as set; `unsupported` for
   * `full_isolation`, which no bridge can enforce
   *
   * @example Let only HTTP in
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice", staticIp: true }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.containers.setFirewall("alice", "http_only");
   * assertEquals(await client.containers.getFirewall("alice"), "http_only");
   * ```
   */
  async setFirewall(
    username: string,
    firewall: Firewall,
    options: CallOptions = {},
  ): Promise<void> {
    using call = new CallDeadline(options);
    await this.#http.request("PUT", containerPath(username, "acl"), {
      ...call,
      body: { preset: `ACL_PRESET_${firewall.toUpperCase()}` },
    });
  }
}

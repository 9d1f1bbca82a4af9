import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import type { ContainerTerminal } from "../terminal/terminal.ts";
import { describeKey } from "./describe_key.ts";
import { HostKeys } from "./host_keys.ts";
import { addToHost, removeFromHost } from "./host_report.ts";
import { readChoice } from "./key_choice.ts";
import { KeyFile } from "./key_file.ts";
import { identityOf, type KeyLine, readKeyLine } from "./key_line.ts";
import { attempt, placeReports } from "./place_reports.ts";
import { placeholderProblem, publicKeyProblem, type PublicKeyRules } from "./public_key.ts";
import { mayBeLast, planRemoval, removeFromFile, type RemoveKeyOptions } from "./removal.ts";
import type { KeyChange, KeyList, KeyPlace, KeyRemovalPlan, KeyReport } from "./report.ts";

/** Options of adding a key. */
export interface AddKeyOptions extends CallOptions, PublicKeyRules {
  /**
   * Where to add it.
   *
   * @default Both
   */
  readonly places?: readonly KeyPlace[] | undefined;
}

/** Gives access to containers. */
export interface TerminalSource {
  /** Returns the terminal of a container. */
  of(username: string): ContainerTerminal;
}

/**
 * SSH keys. A key can be in two places: in the container, for direct logins, and in an account on
 * the host, for logins through a sentinel.
 */
export class SshKeys {
  readonly #host: HostKeys;
  readonly #terminals: TerminalSource;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param terminals Run commands in containers
   */
  constructor(http: Http, terminals: TerminalSource) {
    this.#host = new HostKeys(http);
    this.#terminals = terminals;
  }

  /**
   * Lists the keys in a running container. The daemon cannot list those on the host.
   *
   * @throws {ContainariumError} `failed_precondition` if it does not run, or its file cannot be
   * read
   *
   * @example List them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const line = `ssh-ed25519 ${"AAAAC3NzaC1lZDI1NTE5AAAAI"}${"A".repeat(43)} alice@laptop`;
   * await client.sshKeys.add("alice", line);
   * const { keys } = await client.sshKeys.list("alice");
   * assertEquals(keys.map(({ comment }) => comment), ["alice@laptop"]);
   * await client.closeTerminals();
   * ```
   */
  async list(username: string, options: CallOptions = {}): Promise<KeyList> {
    using call = new CallDeadline(options);
    const keys = await this.#file(username).read(call);
    return { keys: await Promise.all(keys.keys.map(describeKey)), unreadable: keys.unreadable };
  }

  /**
   * Authorizes a key, in both places where possible.
   *
   * @param line One line of a `.pub` file
   * @throws {ContainariumError} `invalid_argument` for an unsuitable key; if neither place can be
   * changed, the container's failure
   *
   * @example Let a key in on the host
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const line = `ssh-ed25519 ${"AAAAC3NzaC1lZDI1NTE5AAAAI"}${"A".repeat(43)} alice@laptop`;
   * const { places } = await client.sshKeys.add("alice", line, { places: ["host"] });
   * assertEquals(places.map(({ place, outcome }) => [place, outcome]), [["host", "added"]]);
   * ```
   */
  async add(username: string, line: string, options: AddKeyOptions = {}): Promise<KeyChange> {
    using call = new CallDeadline(options);
    const { places = ["container", "host"] } = options;
    const key = fitKey(line, options);
    const container = places.includes("container")
      ? await attempt(call, () => this.#addToFile(username, key, call))
      : undefined;
    const host = places.includes("host")
      ? await addToHost(this.#host, username, key, call)
      : undefined;
    return { key: await describeKey(key), places: placeReports(container, host) };
  }

  /**
   * Removes a key, in both places where possible.
   *
   * @param chosen Its line, its fingerprint (`SHA256:…`) or its comment
   * @throws {ContainariumError} `invalid_argument` if several keys match, or none can; if neither
   * place can be changed, the container's failure
   *
   * @example Remove one by its comment
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const line = `ssh-ed25519 ${"AAAAC3NzaC1lZDI1NTE5AAAAI"}${"A".repeat(43)} alice@laptop`;
   * await client.sshKeys.add("alice", line);
   * const { places } = await client.sshKeys.remove("alice", "alice@laptop");
   * assertEquals(places[0]?.outcome, "removed");
   * await client.closeTerminals();
   * ```
   */
  async remove(
    username: string,
    chosen: string,
    options: RemoveKeyOptions = {},
  ): Promise<KeyChange> {
    using call = new CallDeadline(options);
    const choice = readChoice(chosen);
    const named = choice.by === "line" ? [choice.line] : [];
    const lines: KeyLine[] = [...named];
    const container = await attempt(call, async () => {
      const file = this.#file(username);
      const { left, removed } = await removeFromFile(username, choice, file, {
        ...options,
        ...call,
      });
      lines.push(...removed);
      return {
        place: "container",
        outcome: removed.length > 0 ? "removed" : "absent",
        keys: left.keys.length,
      };
    });
    const host = await removeFromHost(this.#host, username, lines, {
      ...call,
      spareLast: !mayBeLast(options.agreed, "host"),
    });
    const places = placeReports(container, host);
    const [key] = lines;
    return key === undefined ? { places } : { key: await describeKey(key), places };
  }

  /**
   * Reads what a removal would leave in both places; changes nothing. In a place that cannot be
   * read, it may be the last key.
   *
   * @throws {ContainariumError} `invalid_argument` if several keys match, or none can; `not_found`
   * when there is no container
   *
   * @example Is it the last one?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ shell: {}, containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const line = `ssh-ed25519 ${"AAAAC3NzaC1lZDI1NTE5AAAAI"}${"A".repeat(43)} alice@laptop`;
   * await client.sshKeys.add("alice", line);
   * const plan = await client.sshKeys.planRemoval("alice", "alice@laptop");
   * assertEquals(plan.key?.comment, "alice@laptop");
   * await client.closeTerminals();
   * ```
   */
  async planRemoval(
    username: string,
    chosen: string,
    options: RemoveKeyOptions = {},
  ): Promise<KeyRemovalPlan> {
    using call = new CallDeadline(options);
    const places = { file: this.#file(username), host: this.#host };
    return await planRemoval(username, readChoice(chosen), places, { ...options, ...call });
  }

  async #addToFile(username: string, key: KeyLine, options: CallOptions): Promise<KeyReport> {
    let there: readonly KeyLine[] = [];
    const keys = await this.#file(username).edit((keys) => {
      there = keys.linesOf(identityOf(key));
      return there.length > 0 ? undefined : keys.with(key.text);
    }, options);
    if (there.length === 0) return { place: "container", outcome: "added", keys: keys.keys.length };
    const isOther = there.every((line) => line.options !== key.options);
    return {
      place: "container",
      outcome: "already there",
      keys: keys.keys.length,
      why: isOther
        ? "with other options, which are kept: to change them, remove it first"
        : undefined,
    };
  }

  #file(username: string): KeyFile {
    return new KeyFile(this.#terminals.of(username), username);
  }
}

/**
 * A word that the daemon refuses is tolerated in the base64, where nobody can help it; then only
 * the host is skipped.
 */
function fitKey(line: string, options: AddKeyOptions): KeyLine {
  const key = readKeyLine(line.trim());
  const problem = publicKeyProblem(line, options) ?? placeholderProblem(key?.comment ?? "");
  if (problem === undefined && key !== undefined) return key;
  throw new ContainariumError("invalid_argument", problem ?? "not a public key");
}

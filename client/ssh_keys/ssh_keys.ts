import type { CallOptions } from "../containers.ts";
import { ContainariumError, restate } from "../errors.ts";
import { present } from "../container.ts";
import type { Http } from "../http.ts";
import type { ContainerTerminal } from "../terminal/terminal.ts";
import type { AuthorizedKeys } from "./authorized_keys.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { HostKeys } from "./host_keys.ts";
import { addToHost, removeFromHost } from "./host_report.ts";
import { findKey, type KeyChoice, readChoice } from "./key_choice.ts";
import { KeyFile } from "./key_file.ts";
import { identityOf, type KeyLine, readKeyLine } from "./key_line.ts";
import { placeholderProblem, publicKeyProblem, type PublicKeyRules } from "./public_key.ts";
import type { KeyChange, KeyList, KeyReport, SshKey } from "./report.ts";

/** How a key is added. */
export interface AddKeyOptions extends CallOptions, PublicKeyRules {}

/** How a key is chosen and removed. */
export interface RemoveKeyOptions extends CallOptions {
  /**
   * Whether to refuse when no other key would be left in the container.
   *
   * @default {false}
   */
  readonly spareLast?: boolean;
  /**
   * How comments were shown to whoever chooses by one.
   *
   * @default As they are
   */
  readonly shown?: (comment: string) => string;
}

/** What leads into containers. */
export interface TerminalSource {
  /** One container's. */
  of(username: string): ContainerTerminal;
}

/**
 * Who may log in by SSH. A key lives in two places: in the container, which counts where it is
 * reached directly, and in an account on the host, which counts where a sentinel stands before it.
 */
export class SshKeys {
  readonly #host: HostKeys;
  readonly #terminals: TerminalSource;

  /**
   * Made by the client.
   *
   * @param http Speaks to the daemon
   * @param terminals Lead into containers
   */
  constructor(http: Http, terminals: TerminalSource) {
    this.#host = new HostKeys(http);
    this.#terminals = terminals;
  }

  /**
   * The keys in a running container; the daemon has no way to list those on the host.
   *
   * @throws {ContainariumError} `failed_precondition` when it does not run, or its file is not to be read
   */
  async list(username: string, options: CallOptions = {}): Promise<KeyList> {
    const keys = await this.#file(username).read(options);
    return { keys: await Promise.all(keys.keys.map(describe)), unreadable: keys.unreadable };
  }

  /**
   * Lets a key in, in both places as far as can be.
   *
   * @param line One line of a `.pub` file
   * @throws {ContainariumError} `invalid_argument` for what is no fit key; when neither place can be
   * changed, what stands in the way of the container
   */
  async add(username: string, line: string, options: AddKeyOptions = {}): Promise<KeyChange> {
    const key = fitKey(line, options);
    const container = await attempt(() => this.#addToFile(username, key, options));
    const host = await addToHost(this.#host, username, key, options);
    return { key: await describe(key), places: bothPlaces(container, host) };
  }

  /**
   * Shuts a key out, in both places as far as can be.
   *
   * @param chosen Its line, its fingerprint (`SHA256:…`) or its comment
   * @throws {ContainariumError} `invalid_argument` when several keys fit, or it names none; when
   * neither place can be changed, what stands in the way of the container
   */
  async remove(
    username: string,
    chosen: string,
    options: RemoveKeyOptions = {},
  ): Promise<KeyChange> {
    const choice = readChoice(chosen);
    const named = choice.by === "line" ? [choice.line] : [];
    const lines: KeyLine[] = [...named];
    const container = await attempt(async () => {
      const { left, removed } = await this.#removeFromFile(username, choice, options);
      lines.push(...removed);
      return {
        place: "container",
        outcome: removed.length > 0 ? "removed" : "absent",
        keys: left.keys.length,
      };
    });
    const host = await removeFromHost(this.#host, username, lines, options);
    const places = bothPlaces(container, host);
    const [key] = lines;
    return key === undefined ? { places } : { key: await describe(key), places };
  }

  /** The chosen key, if no other is left in the container without it. */
  async findLast(
    username: string,
    chosen: string,
    options: RemoveKeyOptions = {},
  ): Promise<SshKey | undefined> {
    const keys = await this.#file(username).read(options);
    const [key] = await findKey(keys, readChoice(chosen), options.shown ?? asItIs);
    if (key === undefined || keys.without(identityOf(key)).keys.length > 0) return undefined;
    return await describe(key);
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
      ...(isOther
        ? { why: "with other options, which stay: to change them, remove it first" }
        : {}),
    };
  }

  async #removeFromFile(
    username: string,
    choice: KeyChoice,
    options: RemoveKeyOptions,
  ): Promise<{ readonly left: AuthorizedKeys; readonly removed: readonly KeyLine[] }> {
    let removed: readonly KeyLine[] = [];
    const left = await this.#file(username).edit(async (keys) => {
      removed = await findKey(keys, choice, options.shown ?? asItIs);
      const [key] = removed;
      if (key === undefined) return undefined;
      const wanted = keys.without(identityOf(key));
      if (options.spareLast === true && wanted.keys.length === 0) {
        throw new ContainariumError(
          "conflict",
          `It has meanwhile become the last key of ${username}-container, so nothing was removed; call again`,
        );
      }
      return wanted;
    }, options);
    return { left, removed };
  }

  #file(username: string): KeyFile {
    return new KeyFile(this.#terminals.of(username), username);
  }
}

const asItIs = (comment: string): string => comment;

/** The words of the daemon's check are let pass where they cannot be helped; then only the host goes without. */
function fitKey(line: string, options: AddKeyOptions): KeyLine {
  const key = readKeyLine(line.trim());
  const problem = publicKeyProblem(line, options) ?? placeholderProblem(key?.comment ?? "");
  if (problem === undefined && key !== undefined) return key;
  throw new ContainariumError("invalid_argument", problem ?? "no public key");
}

/** Failures after which the host need not be asked: there is no such container, or nobody waits. */
const endings = new Set(["not_found", "cancelled", "invalid_argument", "conflict"]);

/** What stands in the way of one place is no reason to leave out the other. */
async function attempt(change: () => Promise<KeyReport>): Promise<KeyReport | ContainariumError> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof ContainariumError) || endings.has(error.code)) throw error;
    return error;
  }
}

function bothPlaces(
  container: KeyReport | ContainariumError,
  host: KeyReport,
): readonly [KeyReport, KeyReport] {
  if (!(container instanceof ContainariumError)) return [container, host];
  if (host.outcome !== "cannot") {
    const { message: why, reason } = container;
    return [{ place: "container", outcome: "cannot", why, ...present({ reason }) }, host];
  }
  throw restate(
    container,
    `${container.message}. On the host neither: ${host.why ?? "it cannot be changed"}`,
  );
}

async function describe({ type, comment, options, blob }: KeyLine): Promise<SshKey> {
  const key = { type, fingerprint: await fingerprintOf(blob), comment };
  return options === "" ? key : { ...key, options };
}

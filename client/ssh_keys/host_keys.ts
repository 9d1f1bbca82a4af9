import type { CallOptions } from "../async/call_options.ts";
import { InFlightLimit } from "../async/in_flight.ts";
import type { Http } from "../transport/http.ts";
import { containerPath } from "../containers/username.ts";
import { type JsonObject, readNumber } from "../wire.ts";

/**
 * Nobody's key, without a slash. Removing it changes nothing, and only that response counts the
 * lines.
 */
const NOBODYS_KEY = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)} counting`;

/** Number of lines of an account. */
export interface Counts {
  /** Before. */
  readonly before: number;
  /** After. */
  readonly after: number;
  /** Whether the last line was kept. */
  readonly isSpared: boolean;
}

/** Options of a removal of lines. */
export interface RemoveLinesOptions extends CallOptions {
  /**
   * Whether to keep the last line, whatever it is.
   *
   * @default {false}
   */
  readonly spareLast?: boolean | undefined;
}

/** The `authorized_keys` of a user's account on the host, which a sentinel checks. */
export class HostKeys {
  readonly #http: Http;
  /** The daemon reads, changes and writes the file without a lock, so one at a time. */
  readonly #turns = new Map<string, InFlightLimit>();

  /** @param http Sends requests to the daemon */
  constructor(http: Http) {
    this.#http = http;
  }

  /** Adds a line; `POST /v1/containers/{username}/ssh-keys`. An existing one stays as it is. */
  add(username: string, line: string, options: CallOptions): Promise<Counts> {
    return this.#inTurn(username, options.signal, async () => {
      const before = await this.#remove(username, NOBODYS_KEY, options);
      const answer = await this.#http.request("POST", containerPath(username, "ssh-keys"), {
        signal: options.signal,
        body: { sshPublicKey: line },
      });
      return { before, after: totalOf(answer), isSpared: false };
    });
  }

  /**
   * Removes lines; `DELETE /v1/containers/{username}/ssh-keys/{ssh_public_key}`. The daemon also
   * reports success for missing ones.
   *
   * @param lines Without a slash: the daemon's routes end at it
   */
  remove(
    username: string,
    lines: readonly string[],
    { spareLast = false, signal }: RemoveLinesOptions,
  ): Promise<Counts> {
    return this.#inTurn(username, signal, async () => {
      const before = await this.#remove(username, NOBODYS_KEY, { signal });
      let after = before;
      for (const line of lines) {
        if (after === 0) break;
        if (after === 1 && spareLast) return { before, after, isSpared: true };
        after = await this.#remove(username, line, { signal });
      }
      return { before, after, isSpared: false };
    });
  }

  /** Counts the lines. */
  count(username: string, options: CallOptions): Promise<number> {
    const count = () => this.#remove(username, NOBODYS_KEY, options);
    return this.#inTurn(username, options.signal, count);
  }

  async #remove(username: string, line: string, { signal }: CallOptions): Promise<number> {
    const path = containerPath(username, "ssh-keys", line);
    return totalOf(await this.#http.request("DELETE", path, { signal }));
  }

  async #inTurn<T>(
    username: string,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const turn = this.#turns.get(username) ?? new InFlightLimit(1);
    this.#turns.set(username, turn);
    return await turn.run(work, signal);
  }
}

function totalOf(answer: JsonObject): number {
  return readNumber(answer.totalKeys);
}

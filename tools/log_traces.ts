/**
 * What reading a log adds to logs: `sudo` logs each of its runs, in the journal and in files such as auth.log.
 *
 * @module
 */

/** One run of `sudo` by this server. */
export interface Trace {
  /** Process ID. */
  readonly pid: number;
  /** Start, by the container's clock. */
  readonly since: Date;
  /** End, by the container's clock; `undefined` while it runs. */
  readonly until?: Date | undefined;
}

/** What readings left in the logs of one container. */
export interface ContainerTraces {
  /** The runs that have ended, oldest first. */
  readonly earlier: readonly Trace[];
  /** Remembers a run that has ended after so many milliseconds. */
  add(trace: Trace, durationMs: number): void;
}

/** Maximum number of remembered runs in a container; entries of older ones are no longer among the newest. */
const MAX_REMEMBERED = 50;
/** The container's clock is read in seconds, and an end is logged a little later. */
const SLACK_MS = 2_000;

/** What readings of one conversation left in logs, which later readings leave out. */
export class LogTraces {
  readonly #byUsername = new Map<string, Trace[]>();

  /** Returns those of one container. */
  of(username: string): ContainerTraces {
    const byUsername = this.#byUsername;
    return {
      get earlier() {
        return byUsername.get(username) ?? [];
      },
      add(trace, durationMs) {
        const all = byUsername.get(username) ?? [];
        byUsername.set(username, all);
        all.push({ ...trace, until: new Date(trace.since.getTime() + durationMs + SLACK_MS) });
        if (all.length > MAX_REMEMBERED) all.shift();
      },
    };
  }
}

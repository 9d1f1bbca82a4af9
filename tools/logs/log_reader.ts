import type { LogEntry, Priority } from "./log_entry.ts";
import type { When } from "./when.ts";

/** How a log is read in a container: what is run, and how its lines are understood. */
export interface LogReader {
  /** The shell script. */
  readonly script: string;
  /** Which entries it prints first. */
  readonly first: "oldest" | "newest";
  /** How many of the entries that are there already are wanted at most, where it may print more. */
  readonly most?: number | undefined;
  /** When it began, by the container's clock to the second, where that is asked and known. */
  readonly startedAt?: Date | undefined;
  /** Parses the next line; `undefined` if it is not an entry. */
  parse(line: string): LogEntry | undefined;
}

/** A reader that follows a log: what is older than its beginning was there before. */
export function liveReader(
  script: string,
  parse: (line: string) => LogEntry | undefined,
): LogReader {
  let startedAt: Date | undefined;
  let isFirst = true;
  return {
    script: `date +@%s 2>/dev/null\n${script}`,
    first: "oldest",
    get startedAt() {
      return startedAt;
    },
    parse(line: string): LogEntry | undefined {
      const [, seconds] = isFirst ? /^@(\d{1,11})$/.exec(line) ?? [] : [];
      isFirst = false;
      if (seconds === undefined) return parse(line);
      startedAt = new Date(Number(seconds) * 1_000);
      return undefined;
    },
  };
}

/** Which entries of a log are wanted. */
export interface LogQuery {
  /** The systemd unit or podman container. */
  readonly unit?: string | undefined;
  /** Not before. */
  readonly since?: When | undefined;
  /** Not after. */
  readonly until?: When | undefined;
  /** A regular expression. */
  readonly grep?: string | undefined;
  /** So bad or worse. */
  readonly priority?: Priority | undefined;
  /** At most so many of those that are there. */
  readonly lines: number;
  /** Whether new ones are wanted, too, as they come. */
  readonly isLive: boolean;
}

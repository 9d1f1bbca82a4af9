import type { Priority } from "./log_entry.ts";
import type { When } from "./when.ts";

/** Which entries of a log are wanted. */
export interface LogQuery {
  /** The systemd unit or podman container. */
  readonly unit?: string;
  /** Not before. */
  readonly since?: When;
  /** Not after. */
  readonly until?: When;
  /** A regular expression. */
  readonly grep?: string;
  /** So bad or worse. */
  readonly priority?: Priority;
  /** At most so many of those that are there. */
  readonly lines: number;
  /** Whether new ones are wanted, too, as they come. */
  readonly isLive: boolean;
}

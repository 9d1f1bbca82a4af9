/** What the tests see of the terminal and of what is inside a container. @module */

/** The login shells that a container's user can have. */
export const loginShells = ["bash", "dash", "ash", "zsh", "fish"] as const;

/** A login shell; `ash` is busybox's. */
export type LoginShell = typeof loginShells[number];

/** An entry of a container's journal. */
export interface JournalEntry {
  /** Text, raw bytes (which journald writes as an array of numbers), or null. */
  readonly message: string | readonly number[] | null;
  /** @default {new Date()} */
  readonly time?: Date;
  /** `_SYSTEMD_UNIT`; left out: the entry has none. */
  readonly unit?: string;
  /** `SYSLOG_IDENTIFIER`; left out: the entry has none. */
  readonly identifier?: string;
  /** 0 (emergency) to 7 (debug). @default {6} */
  readonly priority?: number;
  /** `_PID`. @default {1} */
  readonly pid?: number;
  /** It is of the container's user, who sees it without `sudo`. @default {false} */
  readonly own?: boolean;
}

/** What the terminals of the containers lead to: shells on this very machine, in scratch homes. */
export interface ShellOptions {
  /** @default {"bash"} */
  readonly login?: LoginShell;
  /** Added to the login file (`.profile`) of the scratch home. @default {""} */
  readonly profile?: string;
  /** Whether `sudo` wants a password (which is `secret`), or is not there. @default {"free"} */
  readonly sudo?: "free" | "password" | "missing";
  /** What `journalctl` shows. @default {[]} */
  readonly journal?: readonly JournalEntry[] | "missing";
  /** The names of podman's containers, with their logs; left out: there is no `podman`. */
  readonly podman?: Readonly<Record<string, string>>;
  /** Further programs of the container, as shell scripts by name. @default {{}} */
  readonly programs?: Readonly<Record<string, string>>;
  /** @default {["http://localhost:3000", "http://localhost:8080", "http://localhost"]} */
  readonly allowedOrigins?: readonly string[];
  /** Tools that are not on the `PATH`. Without `su` the terminal cannot be started. @default {[]} */
  readonly missing?: readonly string[];
  /** Seconds without input after which a terminal's read ends, where a program asks for 25. @default {25} */
  readonly silenceSeconds?: number;
}

/** What is still there of a container's terminals. */
export interface Leftovers {
  /** The command lines of processes that are alive, the login shells and their `su` included. */
  readonly processes: readonly string[];
  /** The `.cx.*` in /dev/shm, /tmp and the home. */
  readonly files: readonly string[];
}

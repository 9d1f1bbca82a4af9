import type { LogEntry } from "../log_entry.ts";
import type { Trace } from "../../log_traces.ts";
import { sudoMark } from "./own_runs.ts";

/** A line that `sudo` or its PAM wrote. */
interface SudoLine {
  /** Process ID; most files lack it. */
  readonly pid: number | undefined;
  /** Time, in a journal. */
  readonly time: Date | undefined;
  /** Text after the program's name. */
  readonly text: string;
}

/** A run of `sudo` as root whose end has not been read yet. */
interface Session {
  readonly pid: number | undefined;
  readonly isOwn: boolean;
  isOpened: boolean;
}

/** Maximum number of open sessions. */
const MAX_SESSIONS = 1_000;

/**
 * Recognizes the lines of this server's own `sudo` in one log. It must see every line, oldest first: in a
 * file, only the command line identifies the lines after it.
 */
export class OwnLines {
  readonly #traces: () => readonly Trace[];
  readonly #sessions: Session[] = [];
  /** This server's own session, between its command and its start. */
  #starting: Session | undefined;
  /** User whose command continues on further lines. */
  #continued: string | undefined;

  /** @param traces Returns this server's known runs of `sudo` */
  constructor(traces: () => readonly Trace[]) {
    this.#traces = traces;
  }

  /** Returns whether the next line is this server's own. */
  has(entry: LogEntry): boolean {
    const line = sudoLine(entry);
    if (line === undefined) return false;
    const [, user] = /^(\S{1,255}) : /.exec(line.text) ?? [];
    if (user !== undefined) return this.#isOwnCommand(line, user);
    const [, event] = sessionEvent.exec(line.text) ?? [];
    switch (event) {
      case "opened":
        return this.#open(line);
      case "closed":
        return this.#close(line) || this.#isByTrace(line);
      default:
        return this.#isByTrace(line) || this.#isOfStart(line);
    }
  }

  #isOwnCommand(line: SudoLine, user: string): boolean {
    const facts = line.text.slice(user.length + " : ".length);
    if (facts.startsWith("(command continued) ")) {
      return this.#continued === user || this.#isByTrace(line);
    }
    const command = facts.slice(facts.indexOf("COMMAND="));
    const isOwn = this.#isByTrace(line) || command.includes(sudoMark) || this.#endsTrace(command);
    this.#continued = isOwn ? user : undefined;
    // A refusal starts with its reason instead, and opens no session.
    const isStarting = isOwn && /^[A-Z]+=/.test(facts);
    this.#starting = isStarting ? this.#add(line, isOwn, false) : undefined;
    return isOwn;
  }

  /** Whether it is from a known process, in a journal. */
  #isByTrace({ pid, time }: SudoLine): boolean {
    return pid !== undefined && time !== undefined &&
      this.#traces().some((trace) =>
        trace.pid === pid && time >= trace.since &&
        (trace.until === undefined || time <= trace.until)
      );
  }

  /** Whether it is the command that ends a reading after its time. */
  #endsTrace(command: string): boolean {
    const [, pids = ""] = /^COMMAND=\S*\bkill -KILL ([\d ]{1,900})$/.exec(command) ?? [];
    const ended = new Set(pids.split(" ").map(Number));
    return this.#traces().some(({ pid }) => ended.has(pid));
  }

  /** Whether it is PAM's note between a command and its session, e.g. about limits. */
  #isOfStart({ pid, text }: SudoLine): boolean {
    return this.#starting !== undefined && this.#starting.pid === pid &&
      /^pam_(?!unix\()\w{1,40}\(sudo(?:-i)?:session\): /.test(text);
  }

  #open(line: SudoLine): boolean {
    this.#starting = undefined;
    const own = this.#sessions.findLast(({ isOwn, isOpened, pid }) =>
      isOwn && !isOpened && pid === line.pid
    );
    if (own === undefined) {
      this.#add(line, this.#isByTrace(line), true);
      return this.#isByTrace(line);
    }
    own.isOpened = true;
    return true;
  }

  /** Without process IDs, the session that was opened last counts as the one that ends. */
  #close(line: SudoLine): boolean {
    const at = this.#sessions.findLastIndex(({ pid }) => pid === line.pid);
    return at !== -1 && this.#sessions.splice(at, 1)[0]?.isOwn === true;
  }

  #add({ pid }: SudoLine, isOwn: boolean, isOpened: boolean): Session {
    const session = { pid, isOwn, isOpened };
    this.#sessions.push(session);
    if (this.#sessions.length > MAX_SESSIONS) this.#sessions.shift();
    return session;
  }
}

const sessionEvent = /^pam_unix\(sudo(?:-i)?:session\): session (opened|closed) for user root\b/;

/** A line of a file as rsyslog, syslog-ng and busybox write it: time, host, perhaps a level, program. */
const lineOfFile =
  /^(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT\S{5,40}) \S{1,255} (?:\S{1,40} )?sudo(?:\[(\d{1,10})\])?: +(.*)$/s;

function sudoLine({ identifier, pid, time, message }: LogEntry): SudoLine | undefined {
  if (identifier === "sudo") return { pid, time, text: message.trimStart() };
  const [, number, text] = lineOfFile.exec(message) ?? [];
  if (text === undefined) return undefined;
  return { pid: number === undefined ? undefined : Number(number), time, text };
}

/**
 * What is recorded of a call that changes something, in up to three entries.
 *
 * @module
 */

/**
 * - `asked`: a question is about to be put to the user; nothing was done yet
 * - `begun`: it is about to be carried out
 * - `ended`: it has ended; without `begun` before it, nothing was done
 */
export type RecordEvent = "asked" | "begun" | "ended";

/**
 * How a call ended.
 *
 * - `ok`: it was carried out
 * - `failed`: it was not, or in part; `code` and `reason` say why
 * - `refused`: the user, or the rule for asking them, did not allow it
 * - `cancelled`: the client canceled it or has gone; what was begun may have been done
 * - `timed_out`: this server ended it; what was begun may have been done
 * - `ambiguous`: the daemon's response was lost; it may have been done
 */
export type CallOutcome = "ok" | "failed" | "refused" | "cancelled" | "timed_out" | "ambiguous";

/**
 * What became of the question to the user.
 *
 * - `no_question`: the call loses nothing that is asked about
 * - `skipped_by_mode`: the mode is `never`
 * - `client_cannot_ask`: the client declares no forms; it is left to its own approval (`auto`), or refused
 * (`always`)
 * - `preapproved`: nobody was asked, since the user had agreed beforehand (`call --yes`)
 * - `accepted`, `declined`, `closed` (the form), `unchecked` (the box): what the user did
 * - `unanswered`: the client returned no answer to the form
 * - `expired`: nobody answered in time
 * - `not_put`: it could not be put
 * - `too_long`: it is too long to be agreed to
 */
export type QuestionOutcome =
  | "no_question"
  | "skipped_by_mode"
  | "client_cannot_ask"
  | "preapproved"
  | "accepted"
  | "declined"
  | "closed"
  | "unchecked"
  | "unanswered"
  | "expired"
  | "not_put"
  | "too_long";

/** Text that is not recorded, such as a command. */
export interface Withheld {
  /** Its length in characters; of what is not text, the length of its JSON. */
  readonly length: number;
  /**
   * SHA-256 of the call's id, a line end and the text, in hexadecimal. Absent for text that could be
   * guessed from it.
   */
  readonly sha256?: string | undefined;
}

/** An argument as it is recorded. */
export type RecordedValue =
  | string
  | number
  | boolean
  | Withheld
  | readonly RecordedValue[]
  | { readonly [name: string]: RecordedValue };

/** A question as it is recorded. */
export interface RecordedQuestion extends Withheld {
  /** Its text, cut at 2,000 characters. Absent where it may quote what was typed. */
  readonly text?: string | undefined;
}

/** One line of the record. */
export interface RecordEntry {
  /** When, in UTC. */
  readonly time: string;
  /** What. */
  readonly event: RecordEvent;
  /** Joins the entries of one call; also those of a call that is made again with the user's answer. */
  readonly call: string;
  /** The conversation: one process, one client. */
  readonly conversation: string;
  /** The tool. */
  readonly tool: string;
  /** The client, as it calls itself. Absent, like the next four, where an entry before has it. */
  readonly client?: {
    /** Its name. */
    readonly name: string;
    /** Its version. */
    readonly version: string;
  } | undefined;
  /** Address of the daemon. */
  readonly daemon?: string | undefined;
  /** The trace that the client says the call belongs to; the daemon gets it with each request. */
  readonly trace?: string | undefined;
  /** The arguments. */
  readonly arguments?: RecordedValue | undefined;
  /** When the user is asked, and what became of the question. */
  readonly consent?: {
    /** The mode. */
    readonly mode: "auto" | "always" | "never";
    /** What became of the question. Absent while it is open. */
    readonly answer?: QuestionOutcome | undefined;
    /** The question that was put, or would have been. */
    readonly question?: RecordedQuestion | undefined;
  } | undefined;
  /** How it ended. */
  readonly outcome?: CallOutcome | undefined;
  /** Kind of failure. */
  readonly code?: string | undefined;
  /** Condition behind the failure. */
  readonly reason?: string | undefined;
  /** Ids of what was made or changed, by their place in the result. */
  readonly ids?: Readonly<Record<string, string>> | undefined;
  /** What became of each container, where a call is about several. */
  readonly results?: Readonly<Record<string, string>> | undefined;
}

/** Takes an entry. Resolves once it is kept for good; a call that changes something waits for that. */
export type RecordSink = (entry: RecordEntry) => Promise<void>;

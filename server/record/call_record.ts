import { isQuotable } from "../harmless_arguments.ts";
import type { JsonObject } from "../json.ts";
import { shownText } from "../shown.ts";
import type {
  CallOutcome,
  QuestionOutcome,
  RecordedQuestion,
  RecordEntry,
  RecordEvent,
  RecordSink,
} from "./record_entry.ts";
import { RecordError } from "./record_error.ts";
import { recordedArguments } from "./recorded_arguments.ts";
import { withhold } from "./withheld.ts";

/** What is known of a call from its start. */
export interface RecordedCall extends Pick<RecordEntry, "conversation" | "client" | "daemon"> {
  /** The tool's name. */
  readonly tool: string;
  /** JSON Schema of its arguments. */
  readonly schema: unknown;
  /** When the user is asked. */
  readonly mode: "auto" | "always" | "never";
  /** The trace that it belongs to. */
  readonly trace: string | undefined;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** What became of the question of a call. */
export interface Questioned {
  /** What became of it. Absent while it is open. */
  readonly answer?: QuestionOutcome | undefined;
  /** The question, where there is one. */
  readonly question?: { readonly message: string } | undefined;
}

/** Records a question, whichever revision puts it. */
export type QuestionRecord = Pick<CallRecord, "call" | "asked" | "questioned" | "ended">;

/** How a call ended. */
export interface CallEnd extends Pick<RecordEntry, "code" | "reason" | "ids" | "results"> {
  /** How. */
  readonly outcome: CallOutcome;
}

const MAX_QUESTION_CHARS = 2_000;

/** Records one call, in the order of events. */
export class CallRecord {
  readonly #sink: RecordSink;
  readonly #about: RecordedCall;
  #call: string = crypto.randomUUID();
  #args: JsonObject = {};
  #questioned: Questioned = { answer: "no_question" };
  /** Whether an entry holds the facts. */
  #hasFacts = false;
  #hasEnded = false;

  /**
   * Makes the record of a call, of which nothing is recorded yet.
   *
   * @param sink Takes the entries
   * @param about What is known of the call
   */
  constructor(sink: RecordSink, about: RecordedCall) {
    this.#sink = sink;
    this.#about = about;
  }

  /** Goes on with the record of the call that is made again with an answer. */
  resume(call: string | undefined): void {
    this.#call = call ?? this.#call;
  }

  /** Says what the call is about. */
  meant(args: JsonObject): void {
    this.#args = args;
  }

  /** Says what became of the question. */
  questioned(questioned: Questioned): void {
    this.#questioned = questioned;
  }

  /**
   * Records that a question is about to be put.
   *
   * @throws {RecordError} If it cannot be recorded
   */
  async asked(question: { readonly message: string }): Promise<void> {
    this.#questioned = { question };
    await this.#writeFirst("asked");
  }

  /** Joins the entries. */
  get call(): string {
    return this.#call;
  }

  /**
   * Records that the call is about to be carried out.
   *
   * @throws {RecordError} If it cannot be recorded
   */
  async begun(): Promise<void> {
    await this.#writeFirst("begun");
  }

  /**
   * Records how the call ended; once.
   *
   * @throws If it cannot be recorded
   */
  async ended(end: CallEnd): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#sink({
      ...this.#entry("ended"),
      ...(this.#hasFacts ? {} : await this.#facts()),
      ...end,
    });
  }

  async #writeFirst(event: RecordEvent): Promise<void> {
    try {
      // What was given up goes no further.
      if (this.#hasEnded) throw new Error("the call has ended");
      await this.#sink({ ...this.#entry(event), ...await this.#facts() });
      this.#hasFacts = event === "begun";
    } catch (error) {
      throw new RecordError(error);
    }
  }

  #entry(event: RecordEvent): RecordEntry {
    const { conversation, tool } = this.#about;
    // A reader finds the start of an entry by its time, also behind half of another one.
    return { time: new Date().toISOString(), event, call: this.#call, conversation, tool };
  }

  async #facts(): Promise<Partial<RecordEntry>> {
    const { client, daemon, trace, mode } = this.#about;
    const { answer, question } = this.#questioned;
    return {
      client,
      daemon,
      trace,
      arguments: await recordedArguments(this.#args, { ...this.#about, call: this.#call }),
      consent: {
        mode,
        answer,
        question: question === undefined ? undefined : await this.#question(question.message),
      },
    };
  }

  async #question(message: string): Promise<RecordedQuestion> {
    const { tool, redact } = this.#about;
    const withheld = await withhold(this.#call, message);
    if (!isQuotable(tool)) return withheld;
    return { text: redact(shownText(message)).slice(0, MAX_QUESTION_CHARS), ...withheld };
  }
}

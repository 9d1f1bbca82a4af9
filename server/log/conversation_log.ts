import type { ContainariumClient, Logger } from "../../client/mod.ts";
import { oneLine, traced } from "../../client/internal.ts";
import type { ActiveTools } from "../../tools/mod.ts";
import type { Notices } from "./notices.ts";
import { shownFailure } from "../shown.ts";
import { describeMessage, excerpt } from "./trace.ts";

/** What log lines are made with. */
export interface ConversationLogOptions {
  /** Takes the token out of them. */
  readonly client: Pick<ContainariumClient, "redact">;
  /** What a call in the debug log may name. */
  readonly tools: ActiveTools;
  /** Takes the lines. */
  readonly log: Logger;
  /** Whether protocol messages are logged, too. */
  readonly trace: boolean;
}

/** What is logged of a conversation: redacted, harmless to look at, and with the trace that it belongs to. */
export class ConversationLog {
  readonly #options: ConversationLogOptions;

  /** @param options What the lines are made with */
  constructor(options: ConversationLogOptions) {
    this.#options = options;
  }

  /** Returns a logger to stderr and, if given, to a client. */
  to(reader?: Notices): Logger {
    const { client, log } = this.#options;
    return (level, message) => {
      const text = shownFailure(client.redact(message));
      log(level, traced(text));
      // A further line must not pass for a message of its own.
      reader?.log(level, text.replaceAll("\n", "\n    "));
    };
  }

  /** Logs a protocol message, if they are to be logged. */
  message(direction: "in" | "out", message: unknown): void {
    const { client, tools, log, trace } = this.#options;
    if (trace) log("debug", client.redact(describeMessage(direction, message, tools)));
  }

  /** Logs what is wrong with the protocol, which may quote what a client sent. */
  fault({ message }: Error): void {
    const { client, log } = this.#options;
    log("warning", excerpt(oneLine(message), (text) => client.redact(text)));
  }
}

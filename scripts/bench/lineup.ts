/** Several programs that are asked the same. @module */
import type { Target } from "../../tests/connect.ts";
import type { Grants, Subject } from "./subject.ts";
import { NoResult, WireClient } from "./wire_client.ts";

/** A program that was started. */
export interface Member {
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly subject: Subject;
  /** The conversation with it. */
  readonly client: WireClient;
}

/** What is needed to start them. */
export interface LineupOptions {
  /** Programs. */
  readonly subjects: readonly Subject[];
  /** Their daemon. */
  readonly target: Target;
  /** What is measured, in words. */
  readonly what: string;
  /** Tries it once. A peer that cannot do it is left out. */
  readonly attempt: (client: WireClient) => Promise<unknown>;
  /** What the programs may do. */
  readonly grants?: Grants;
}

/** Programs that run until the measurement has ended. */
export class Lineup implements AsyncDisposable {
  /** Those that can do it. */
  readonly members: Member[] = [];
  /** Why others are left out. */
  readonly notes: string[] = [];
  readonly #started = new AsyncDisposableStack();

  private constructor() {}

  /** Starts programs. Throws if one of this project's cannot do it. */
  static async open({ subjects, target, what, attempt, grants }: LineupOptions): Promise<Lineup> {
    const lineup = new Lineup();
    for (const subject of subjects) {
      const command = subject.command(target, grants);
      const client = lineup.#started.use(new WireClient(command, target));
      try {
        await client.initialize();
        await attempt(client);
        lineup.members.push({ name: subject.name, subject, client });
      } catch (error) {
        if (subject.kind !== "peer" || !(error instanceof NoResult)) throw error;
        lineup.notes.push(`${what}, ${subject.name}: ${error.message.slice(0, 200)}`);
      }
    }
    return lineup;
  }

  /** Ends them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#started.disposeAsync();
  }
}

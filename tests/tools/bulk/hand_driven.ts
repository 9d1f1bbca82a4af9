/** The real `execute()`, with work that ends when a test says so. @module */
import { type ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { InFlightLimit } from "../../../client/internal.ts";
import type { BulkAnswer, Row } from "../../../tools/bulk/bulk_answer.ts";
import { execute } from "../../../tools/bulk/execute.ts";
import type { WorkItem } from "../../../tools/bulk/work_item.ts";
import type { ToolContext } from "../../../tools/mod.ts";
import { contextOf } from "../context.ts";

/** How one container's work may end, and its expected row. */
export const ends = {
  done: () => Promise.resolve<Partial<Row>>({ result: "done" }),
  skipped: () => Promise.resolve<Partial<Row>>({ result: "skipped", why: "it was so already" }),
  failed: () => Promise.reject(new ContainariumError("conflict", "busy")),
  unknown: () => Promise.reject(new ContainariumError("ambiguous", "the answer was lost")),
  defect: () => Promise.reject(new TypeError("a defect of ours")),
} as const;

/** A way in which it ends. */
export type End = keyof typeof ends;

/** Everything queued has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A call whose work ends on command. */
export class Call {
  /** Started containers, in order. */
  readonly begun: string[] = [];
  /** Containers in progress, with functions that end them. */
  readonly running = new Map<string, (how: End) => void>();
  /** Containers that were started although the call was cancelled. */
  readonly tooLate: string[] = [];
  /** Work that is left when the call answers. */
  readonly left: Promise<unknown>[] = [];
  /** The progress. */
  readonly lines: string[] = [];
  /** How many of how many were done at each line of it. */
  readonly counts: string[] = [];
  /** The log. */
  readonly logged: string[] = [];
  /** The level of each line of the log. */
  readonly levels: string[] = [];
  /** What the call answers. */
  readonly answer: Promise<BulkAnswer>;
  readonly #cancel = new AbortController();

  constructor(
    client: ContainariumClient,
    usernames: readonly string[],
    decided: ReadonlySet<string>,
    concurrency: number,
  ) {
    const context: ToolContext = {
      ...contextOf(client),
      signal: this.#cancel.signal,
      bulkLimit: new InFlightLimit(concurrency),
      continueAfterAnswer: (work) => this.left.push(work),
      log: (level, line) => {
        this.levels.push(level);
        this.logged.push(line);
      },
      progress: (done, total, line) => {
        this.counts.push(`${done} of ${total}`);
        this.lines.push(line);
      },
    };
    const steps = usernames.map((username) =>
      decided.has(username) ? decidedStep(username) : this.#actStep(username)
    );
    const options = { tool: "try_containers", dryRun: false, waitSeconds: 3_600 };
    this.answer = execute(steps, options, context);
  }

  /** Ends the work on one. */
  end(username: string, how: End): void {
    this.running.get(username)?.(how);
    this.running.delete(username);
  }

  /** Cancels the call. */
  cancel(): void {
    this.#cancel.abort();
  }

  #actStep(username: string): WorkItem {
    return {
      kind: "act",
      expected: { username, result: "planned" },
      underWay: { username, result: "unknown", why: "under way" },
      act: async () => {
        this.begun.push(username);
        if (this.#cancel.signal.aborted) this.tooLate.push(username);
        const { promise, resolve } = Promise.withResolvers<End>();
        this.running.set(username, resolve);
        return { username, result: "done", ...await ends[await promise]() };
      },
    };
  }
}

function decidedStep(username: string): WorkItem {
  return { kind: "decided", row: { username, result: "skipped", why: "it is protected" } };
}

/** A model of a call for several containers: what is in progress, and which results are possible. @module */
import type { Row } from "../../../tools/bulk/bulk_answer.ts";
import type { End } from "./hand_driven.ts";

/** What has to come of it. */
export class Model {
  /** Ended before the answer. */
  readonly ended = new Map<string, Row["result"]>();
  /** Ended just as the call was cancelled: in the result, or logged after it. */
  readonly inTheMoment = new Map<string, Row["result"]>();
  /** Ended after it. */
  readonly late = new Map<string, Row["result"]>();
  /** Container that may have been started at that moment. */
  next: string | undefined;
  readonly waiting: string[];
  readonly running: string[] = [];
  isCancelled = false;
  readonly #concurrency: number;

  constructor(usernames: readonly string[], concurrency: number) {
    this.#concurrency = concurrency;
    this.waiting = [...usernames];
    this.#fill();
  }

  /** An item in progress ended, perhaps just as the call was cancelled. */
  end(username: string, how: End, isMoment = false): void {
    this.running.splice(this.running.indexOf(username), 1);
    const result = how === "defect" ? "failed" : how;
    const place = isMoment ? this.inTheMoment : this.isCancelled ? this.late : this.ended;
    place.set(username, result);
    if (isMoment) this.next = this.waiting[0];
    if (!this.isCancelled && !isMoment) this.#fill();
  }

  /** Whether a row of the result is possible. */
  allows({ username, result }: Row): boolean {
    const moment = this.inTheMoment.get(username);
    if (moment !== undefined) return result === moment || result === "unknown";
    if (username === this.next && result === "unknown") return true;
    const isUnderWay = this.running.includes(username) || this.late.has(username);
    return result === (this.ended.get(username) ?? (isUnderWay ? "unknown" : "cancelled"));
  }

  #fill(): void {
    while (this.running.length < this.#concurrency && this.waiting.length > 0) {
      this.running.push(...this.waiting.splice(0, 1));
    }
  }
}

/** A model of a call for several containers: who is worked on, and what the answer may say. @module */
import type { Row } from "../../../tools/bulk/bulk_answer.ts";
import type { End } from "./hand_driven.ts";

/** What has to come of it. */
export class Model {
  /** Ended before the answer. */
  readonly ended = new Map<string, Row["result"]>();
  /** Ended in the moment of the cancellation: told, or logged after the answer. */
  readonly inTheMoment = new Map<string, Row["result"]>();
  /** Ended after it. */
  readonly late = new Map<string, Row["result"]>();
  /** Whose turn came in that moment, perhaps. */
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

  /** One that was worked on ended; in the moment of the cancellation, perhaps. */
  end(username: string, how: End, isMoment = false): void {
    this.running.splice(this.running.indexOf(username), 1);
    const result = how === "defect" ? "failed" : how;
    const place = isMoment ? this.inTheMoment : this.isCancelled ? this.late : this.ended;
    place.set(username, result);
    if (isMoment) this.next = this.waiting[0];
    if (!this.isCancelled && !isMoment) this.#fill();
  }

  /** Whether a row of the answer is right. */
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

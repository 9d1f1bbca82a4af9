import type { CallOptions } from "../async/call_options.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { PendingWork } from "../async/pending_work.ts";

/** How to give agents a task, and how long to wait for what comes of it. */
export interface AgentTaskOptions extends CallOptions {
  /**
   * The task, sent as JSON.
   *
   * @default None
   */
  readonly input?: unknown;
  /**
   * Milliseconds to wait for the end. The work goes on after that, and the same call again waits for it.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
  /**
   * Called when this call sends the work, not when it joins another call's: with what settles when the
   * daemon has answered.
   *
   * @default Nothing is called
   */
  readonly onSent?: ((answered: Promise<void>) => void) | undefined;
}

/** Work of agents that has ended, or that goes on when the wait ends. */
export type AgentWork<T> =
  | { readonly done: false }
  | {
    readonly done: true;
    /** What came of it. */
    readonly value: T;
  };

/** What is asked of the daemon. */
export interface HeldTask<T> {
  /** Work of the same name is done one at a time. */
  readonly slot: string;
  /** Display name: `The task of hello-agent`. */
  readonly title: string;
  /** Sends it. The daemon holds the request open until the end. */
  readonly send: (inputJson: string | undefined, signal: AbortSignal) => Promise<T>;
}

/**
 * Sends work that the daemon answers at its end, or joins the same work of another call, and waits.
 *
 * @throws {ContainariumError} How it failed; `conflict` while other work of that slot is in progress
 */
export async function waitForHeld<T>(
  pending: PendingWork<T>,
  { slot, title, send }: HeldTask<T>,
  { input, waitMs = 600_000, onSent, ...options }: AgentTaskOptions,
): Promise<AgentWork<T>> {
  using call = new CallDeadline(options);
  const inputJson = input === undefined ? undefined : JSON.stringify(input);
  let isJoined = true;
  const work = pending.begin(slot, { key: workKey(input), title }, (held) => {
    isJoined = false;
    return send(inputJson, held);
  });
  if (!isJoined) {
    const answered = answeredBy(work.outcome);
    // Its failure is thrown below, whether anybody listens here or not.
    answered.catch(() => {});
    onSent?.(answered);
  }
  const ended = await pending.wait(slot, work, waitMs, call.signal);
  return ended === undefined ? { done: false } : { done: true, value: ended.value };
}

/** Returns what is equal for the same work of a slot. */
export function workKey(input: unknown): string {
  return input === undefined ? "" : JSON.stringify(input);
}

async function answeredBy(
  outcome: Promise<
    { readonly kind: "done" } | { readonly kind: "failed"; readonly error: unknown }
  >,
): Promise<void> {
  const ended = await outcome;
  if (ended.kind === "failed") throw ended.error;
}

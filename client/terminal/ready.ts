import type { TerminalSocket } from "./socket.ts";
import { within } from "../async/deadline.ts";

/** How to get a shell from a terminal. */
export interface ReadyOptions {
  /** Lines typed in turn until the proof appears. Typing them twice does no harm. */
  readonly lines: readonly [string, ...string[]];
  /** Output that only a shell that executed a line can print. */
  readonly proof: RegExp;
  /** Milliseconds to wait for it. */
  readonly readyMs: number;
  /** Typed to end it after a timeout. */
  readonly farewell: string;
  /** Aborts the wait. */
  readonly signal: AbortSignal;
}

/** A prepared terminal. Its next listener has to handle `rest` first. */
export interface Ready {
  /** The match of the proof. */
  readonly proof: RegExpExecArray;
  /** Text after the proof. */
  readonly rest: string;
}

/** No shell started. */
export class NotReady extends Error {
  /** Distinguishes it from other errors. */
  override readonly name = "NotReady";

  /**
   * @param end Whether the terminal ended by itself, after the farewell, or not at all
   * @param screen The end of its output, without control characters
   * @param said Why the connection ended, if known
   */
  constructor(
    readonly end: "itself" | "typed" | "none",
    readonly screen: string,
    readonly said: string | undefined,
  ) {
    super("No shell came");
  }
}

/** A login file may consume the first line, or sleep. */
const pausesMs = [1_500, 3_000, 4_000, 5_000, 6_000, 8_000];
const FAREWELLS = 5;
const FAREWELL_MS = 300;
const SCREEN_CHARS = 16 * 1024;
const SHOWN_CHARS = 500;

/**
 * Types until the proof appears. Nobody listens to the terminal then.
 *
 * @throws {NotReady}
 * @throws The signal's reason
 */
export async function makeReady(
  socket: TerminalSocket,
  options: ReadyOptions,
): Promise<Ready> {
  const proven = watch(socket, options.proof);
  if (await typeInTurn(socket, options, proven.promise)) return await proven.promise;
  const screen = readable(proven.screen(), options.lines);
  const wasOpen = socket.isOpen;
  const hasEnded = await dismiss(socket, options.farewell);
  options.signal.throwIfAborted();
  const said = wasOpen ? undefined : await socket.dropped;
  throw new NotReady(!wasOpen ? "itself" : hasEnded ? "typed" : "none", screen, said);
}

/** Resolves when the proof appears in a terminal's output, which nobody else listens to meanwhile. */
export function watch(
  socket: TerminalSocket,
  proof: RegExp,
): { readonly promise: Promise<Ready>; readonly screen: () => string } {
  let screen = "";
  const { promise, resolve } = Promise.withResolvers<Ready>();
  socket.onOutput = (text) => {
    screen = (screen + text).slice(-SCREEN_CHARS);
    const found = proof.exec(screen);
    if (found === null) return;
    socket.onOutput = undefined;
    resolve({ proof: found, rest: screen.slice(found.index + found[0].length) });
  };
  return { promise, screen: () => screen };
}

/** Returns whether the proof appeared in time. */
async function typeInTurn(
  socket: TerminalSocket,
  { lines, readyMs, signal }: ReadyOptions,
  proof: Promise<unknown>,
): Promise<boolean> {
  const end = performance.now() + readyMs;
  let isProven = false;
  proof.then(() => isProven = true);
  for (let attempt = 0; !isProven && !signal.aborted && socket.isOpen; attempt++) {
    const left = end - performance.now();
    if (left <= 0) break;
    socket.send(lines[attempt % lines.length] ?? lines[0]);
    const pause = Math.min(left, pausesMs[Math.min(attempt, pausesMs.length - 1)] ?? left);
    await within(Promise.race([proof, socket.dropped]), pause, signal);
  }
  return isProven && !signal.aborted;
}

/**
 * Ends whatever runs in a terminal, as far as typing can, and closes it.
 *
 * @returns Whether it has ended
 */
export async function dismiss(socket: TerminalSocket, farewell: string): Promise<boolean> {
  // A program may start only after the first try, and one that is interrupted takes the rest along.
  for (let tries = 0; tries < FAREWELLS && socket.isOpen; tries++) {
    socket.send(farewell);
    await within(socket.dropped, FAREWELL_MS);
  }
  const hasEnded = !socket.isOpen;
  socket.close();
  return hasEnded;
}

/** Returns the end of a screen without escape sequences, echoes and invisible characters. */
function readable(screen: string, typed: readonly string[]): string {
  const plain = screen
    // deno-lint-ignore no-control-regex -- escape sequences begin with one
    .replaceAll(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)/g, "")
    .replaceAll(/\r\n?/g, "\n");
  return plain.split("\n")
    .filter((line) => !typed.some((own) => isEcho(line.trim(), own.trim())))
    .map((line) => line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu, " ").trimEnd())
    .filter((line) => line !== "")
    .join("\n")
    .slice(-SHOWN_CHARS);
}

/** A long line is echoed whole or truncated. */
function isEcho(line: string, typed: string): boolean {
  return line.includes(typed.slice(0, 60)) || line.length > 20 && typed.includes(line.slice(-40));
}

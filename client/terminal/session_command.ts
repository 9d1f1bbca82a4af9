import { ContainariumError } from "../errors.ts";
import type { Answer, Output } from "./agent_parser.ts";
import type { RunOptions, RunResult } from "./run_options.ts";
import { Damaged, decodeBase64, decodeBlock } from "./decode.ts";
import { OutputBuffer } from "./output_buffer.ts";
import { type AgentSession, Dropped, type Request } from "./agent_session.ts";
import { within } from "../async/deadline.ts";
import { MAX_TIMER_MS } from "../async/delay.ts";

/** A validated command with its defaults. */
export interface SessionCommand {
  /** The script. */
  readonly script: Uint8Array;
  /** Its standard input. */
  readonly stdin: Uint8Array;
  /** Milliseconds until it is killed. */
  readonly timeoutMs: number;
  /** Maximum bytes to keep of each output. */
  readonly maxBytes: number;
  /** Called with each piece of standard output. */
  readonly onOutput: ((piece: Uint8Array) => void) | undefined;
}

/** TERM, 2 s of grace, KILL. */
const CANCEL_MS = 2_600;
/** Milliseconds that an agent may be silent while it kills a command. */
const SILENCE_MS = 10_000;
const BLOCK = 512;

/** @throws {ContainariumError} `invalid_argument` */
export function readCommand(command: string, options: RunOptions): SessionCommand {
  const { stdin = "", timeoutMs = 60_000, maxBytes = 1_048_576, onOutput } = options;
  if (!(timeoutMs > 0)) throw badNumber("timeoutMs", timeoutMs);
  if (!(Number.isInteger(maxBytes) && maxBytes >= 0)) throw badNumber("maxBytes", maxBytes);
  return {
    script: bytesOf(command),
    stdin: bytesOf(stdin),
    timeoutMs: Math.min(timeoutMs, MAX_TIMER_MS),
    maxBytes,
    onOutput,
  };
}

/**
 * Runs a command in a session; marks the session unusable if it cannot be trusted any more.
 *
 * @param overstayMs Milliseconds after its timeout until the session is abandoned
 * @throws {Dropped | AgentFailed | Damaged}
 * @throws The signal's reason, after the command was killed
 * @throws What `onOutput` throws, after the command was killed
 */
export async function runInSession(
  session: AgentSession,
  command: SessionCommand,
  signal: AbortSignal,
  overstayMs: number,
): Promise<RunResult> {
  signal.throwIfAborted();
  const live = command.onOutput && new LiveOutput(command, (why) => session.kill(why));
  const started = performance.now();
  const answering = session.run(requestOf(command, live));
  const timer = setTimeout(() => session.kill("timeout"), command.timeoutMs);
  const cancel = () => session.kill("cancel");
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const answer = await patient(session, answering, { ...command, overstayMs }, signal);
    const durationMs = Math.round(performance.now() - started);
    signal.throwIfAborted();
    live?.throwIfFailed();
    return { ...await resultOf(answer, command.maxBytes, live), durationMs };
  } catch (error) {
    if (error instanceof Damaged) session.spoil(error);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  }
}

/** Waits for the answer, at most as long as a working agent can take. */
async function patient(
  session: AgentSession,
  answering: Promise<Answer>,
  { timeoutMs, overstayMs }: { readonly timeoutMs: number; readonly overstayMs: number },
  signal: AbortSignal,
): Promise<Answer> {
  let isOver = await within(answering, timeoutMs, signal);
  const end = performance.now() + overstayMs;
  while (!isOver && !signal.aborted) {
    // An agent that keeps sending may still ignore the kill.
    const left = end - performance.now();
    if (left <= 0) break;
    isOver = await within(answering, Math.min(left, SILENCE_MS), signal);
    if (!isOver && performance.now() - session.heardAt > SILENCE_MS) break;
  }
  if (signal.aborted) isOver = await within(answering, CANCEL_MS);
  if (!isOver) session.spoil(new Dropped(true, "the container does not answer"));
  try {
    return await answering;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** Forwards standard output as it arrives. */
class LiveOutput {
  readonly kept: OutputBuffer;
  readonly #onOutput: (piece: Uint8Array) => void;
  readonly #kill: (why: "cancel") => void;
  #failure: { readonly error: unknown } | undefined;

  constructor({ maxBytes, onOutput }: SessionCommand, kill: (why: "cancel") => void) {
    this.kept = new OutputBuffer(maxBytes);
    this.#onOutput = onOutput ?? (() => {});
    this.#kill = kill;
  }

  take(base64: string): void {
    if (this.#failure !== undefined) return;
    try {
      const piece = decodeBase64(base64);
      this.kept.push(piece);
      this.#onOutput(piece);
    } catch (error) {
      this.#failure = { error };
      this.#kill("cancel");
    }
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

function requestOf(command: SessionCommand, live: LiveOutput | undefined): Request {
  const half = Math.floor(command.maxBytes / 2);
  return {
    script: command.script,
    stdin: command.stdin,
    headBlocks: Math.max(1, Math.ceil(half / BLOCK)),
    // Not 0: `tail` would read nothing, so nothing would be counted.
    tailBytes: Math.max(1, command.maxBytes - half),
    onPiece: live && ((base64) => live.take(base64)),
  };
}

async function resultOf(
  answer: Answer,
  maxBytes: number,
  live: LiveOutput | undefined,
): Promise<Omit<RunResult, "durationMs">> {
  // Live output was forwarded already; the answer adds only the length that a full disk cut off.
  const { total = 0, isAtLeast = false } = answer.stdout.tail ?? {};
  live?.kept.skip(total, isAtLeast);
  const stdout = (live?.kept ?? await keep(answer.stdout, maxBytes)).result();
  const stderr = (await keep(answer.stderr, maxBytes)).result();
  return {
    exitCode: answer.exitCode,
    signal: signalName(answer.exitCode),
    stdout: stdout.bytes,
    stderr: stderr.bytes,
    truncated: stdout.omission.bytes + stderr.omission.bytes > 0,
    omitted: { stdout: stdout.omission, stderr: stderr.omission },
    timedOut: answer.endedBy === "timeout",
  };
}

async function keep({ head, tail }: Output, maxBytes: number): Promise<OutputBuffer> {
  const kept = new OutputBuffer(maxBytes);
  const most = maxBytes + BLOCK;
  const first = await decodeBlock(head, most);
  kept.push(first);
  if (tail === undefined) return kept;
  const last = await decodeBlock(tail.block, most);
  const between = tail.total - first.length - last.length;
  if (!(between >= 0)) throw new Damaged("An output that is shorter than its parts");
  kept.skip(between, tail.isAtLeast);
  kept.push(last);
  return kept;
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}

function badNumber(name: string, value: number): ContainariumError {
  return new ContainariumError("invalid_argument", `${name} cannot be ${value}`);
}

/** Names of Linux signals by number. */
const signalNames: readonly string[] =
  ("EXIT HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP " +
    "TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS").split(" ");

/** Returns the signal behind a shell's exit code: `"SIGKILL"` for 137. */
function signalName(exitCode: number): string | undefined {
  const name = exitCode > 128 ? signalNames[exitCode - 128] : undefined;
  return name === undefined ? undefined : `SIG${name}`;
}

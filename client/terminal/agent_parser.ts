/**
 * Reads what the agent in a container writes. Lines that begin with the connection's nonce are
 * messages; lines of base64 between them are data; any other output on the terminal is ignored.
 *
 * @module
 */

import { Base64Lines } from "./base64_lines.ts";

/** A part of an output, as received. */
export interface Block {
  /** Length in bytes, as reported. */
  readonly bytes: number;
  /** Their POSIX checksum, where the container has `cksum`. */
  readonly checksum: number | undefined;
  /** Whether `data` is gzip. */
  readonly isGzip: boolean;
  /** The bytes, or gzip of them. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** The end of an output. */
export interface Tail<B = Block> {
  /** The bytes. */
  readonly block: B;
  /** Length of the whole output. */
  readonly total: number;
  /** Whether it may be longer: on a full disk not every byte is counted. */
  readonly isAtLeast: boolean;
}

/** One output of a command. */
export interface Output {
  /** Its beginning. */
  readonly head: Block;
  /** Its end, if it is longer than the head. */
  readonly tail?: Tail | undefined;
}

/** Result of a command, not yet decoded. */
export interface Answer {
  /** Number of the request that it answers. */
  readonly id: number;
  /** The exit code as a shell gives it. */
  readonly exitCode: number;
  /** Who killed it; `undefined` if it ended by itself. */
  readonly endedBy: "timeout" | "cancel" | undefined;
  /** Standard output. */
  readonly stdout: Output;
  /** Standard error. */
  readonly stderr: Output;
}

/** A message of the agent. */
export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "piece"; readonly base64: string }
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "gone"; readonly pid: number };

type Stream = "stdout" | "stderr";

interface OpenBlock extends Omit<Block, "data"> {
  readonly data: Base64Lines;
}

interface OpenOutput {
  readonly head: OpenBlock;
  readonly tail?: Tail<OpenBlock>;
}

interface OpenAnswer {
  readonly id: number;
  readonly exitCode: number;
  readonly endedBy: Answer["endedBy"];
  readonly outputs: { [S in Stream]?: OpenOutput };
  /** Data of the block that is being received. */
  data: Base64Lines | undefined;
  chars: number;
}

const nothing: OpenOutput = {
  head: { bytes: 0, checksum: undefined, isGzip: false, data: new Base64Lines() },
};

/** Maximum length of a line. An agent's longest is a piece of 32,000 characters. */
const MAX_LINE_CHARS = 64 * 1024;

/** Parses messages from the terminal's text, however it is split. */
export class AgentParser {
  readonly #mark: string;
  #rest = "";
  #most = Infinity;
  #answer: OpenAnswer | undefined;
  #taken = 0;
  /** Number of pieces of a stream, and of parts of an answer. */
  #pieces = 0;
  #parts = 0;
  #hasFailed = false;

  /** @param nonce Prefix of the agent's lines */
  constructor(nonce: string) {
    this.#mark = `${nonce} `;
  }

  /** Number of the agent's lines and of its answer's bytes. */
  get taken(): number {
    return this.#taken;
  }

  /** Starts the next answer, of at most this many characters of base64. */
  expect(most: number): void {
    this.#most = most;
    this.#pieces = 0;
    this.#parts = 0;
    this.#hasFailed = false;
  }

  /** Takes the next piece of text and returns the messages that it completes. */
  push(text: string): readonly Message[] {
    const end = text.lastIndexOf("\n") + 1;
    if (end === 0) {
      // One character more is enough to know that it is too long.
      if (this.#rest.length <= MAX_LINE_CHARS) this.#rest += text;
      return [];
    }
    const whole = this.#rest + text.slice(0, end);
    const isTooLong = this.#rest.length > MAX_LINE_CHARS;
    this.#rest = text.slice(end);
    // Most of a long answer: looking at each line would take longer than all the rest.
    if (!isTooLong && this.#answer !== undefined) {
      const messages = this.#data(whole.replaceAll("\n", ""), this.#answer);
      if (messages !== undefined) return messages;
    }
    return whole.slice(0, -1).split("\n").flatMap((line) => this.#line(line));
  }

  #line(line: string): readonly Message[] {
    if (line.length > MAX_LINE_CHARS) return [];
    if (line.startsWith(this.#mark)) {
      this.#taken++;
      const [word, ...rest] = line.slice(this.#mark.length).trim().split(" ");
      const message = this.#word(word ?? "", rest);
      return message === undefined ? [] : [message];
    }
    return this.#answer === undefined ? [] : this.#data(line, this.#answer) ?? [];
  }

  /** Returns `undefined` for what is not data. */
  #data(line: string, answer: OpenAnswer): readonly Message[] | undefined {
    if (line === "" || answer.data?.take(line) !== true) return undefined;
    this.#taken++;
    answer.chars += line.length;
    if (answer.chars <= this.#most) return [];
    const message = this.#fail("flood");
    return message === undefined ? [] : [message];
  }

  #word(word: string, rest: readonly string[]): Message | undefined {
    switch (word) {
      case "I":
        return { kind: "ready" };
      case "C":
        this.#pieces++;
        return this.#piece(rest);
      case "D":
        this.#parts++;
        return Number(rest[0]) === this.#pieces ? undefined : this.#fail("damaged");
      case "F":
        return this.#fail(rest[0] ?? "");
      case "Q":
        return rest[1] === "gone" ? { kind: "gone", pid: Number(rest[0]) } : undefined;
      case "R":
        this.#answer = this.#hasFailed ? undefined : openAnswer(rest);
        return this.#answer === undefined ? this.#fail("damaged") : undefined;
      case "B":
      case "T":
        this.#block(word, rest);
        return undefined;
      case "E":
        return this.#end(rest);
      default:
        return undefined;
    }
  }

  /** Other output on the terminal may have interrupted it. */
  #piece([chars, base64 = ""]: readonly string[]): Message | undefined {
    return base64.length === Number(chars) ? { kind: "piece", base64 } : this.#fail("damaged");
  }

  /** Returns a failure once; the rest of the same answer is ignored. */
  #fail(reason: string): Message | undefined {
    this.#answer = undefined;
    if (this.#hasFailed) return undefined;
    this.#hasFailed = true;
    return { kind: "failed", reason };
  }

  #block(word: "B" | "T", [which, how, bytes, checksum, total = ""]: readonly string[]): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    this.#parts++;
    const stream = which === "e" ? "stderr" : "stdout";
    const block = {
      bytes: Number(bytes),
      checksum: checksum === undefined || checksum === "-" ? undefined : Number(checksum),
      isGzip: how === "z",
      data: new Base64Lines(),
    };
    answer.data = block.data;
    const { head } = answer.outputs[stream] ?? nothing;
    answer.outputs[stream] = word === "B" ? { head: block } : { head, tail: tailOf(block, total) };
  }

  #end([id, parts]: readonly string[]): Message | undefined {
    const [answer, seen] = [this.#answer, this.#parts];
    this.#answer = undefined;
    this.#parts = 0;
    this.#pieces = 0;
    // A line behind other output was ignored, so its number is missing here.
    if (answer === undefined || Number(parts) !== seen) return this.#fail("damaged");
    if (answer.id !== Number(id)) return undefined;
    const { exitCode, endedBy, outputs } = answer;
    const [stdout, stderr] = [outputOf(outputs.stdout), outputOf(outputs.stderr)];
    return { kind: "answer", answer: { id: answer.id, exitCode, endedBy, stdout, stderr } };
  }
}

function outputOf({ head, tail }: OpenOutput = nothing): Output {
  if (tail === undefined) return { head: blockOf(head) };
  return { head: blockOf(head), tail: { ...tail, block: blockOf(tail.block) } };
}

/** The total is `1234`, or `1234+` if it may be more. */
function tailOf(block: OpenBlock, total: string): Tail<OpenBlock> {
  const isAtLeast = total.endsWith("+");
  const count = Number(isAtLeast ? total.slice(0, -1) : total);
  return { block, total: Math.min(count, Number.MAX_SAFE_INTEGER), isAtLeast };
}

function blockOf(block: OpenBlock): Block {
  return { ...block, data: block.data.bytes() };
}

/** Returns `undefined` for an invalid exit code: another program wrote the line. */
function openAnswer([id, exitCode, why]: readonly string[]): OpenAnswer | undefined {
  const endedBy = why === "timeout" || why === "cancel" ? why : undefined;
  const code = /^\d{1,3}$/.test(exitCode ?? "") ? Number(exitCode) : Infinity;
  if (code > 255) return undefined;
  return { id: Number(id), exitCode: code, endedBy, outputs: {}, data: undefined, chars: 0 };
}

import type { Omission } from "../client/mod.ts";
import { fence } from "./text/fence.ts";
import { visible } from "./text/visible.ts";
import { decodeBytes } from "./text/decode_bytes.ts";

/** The most characters of one output that a model is given, counted as they are shown. */
export const MAX_OUTPUT_CHARACTERS = 20_000;

/** An output as a model is given it. */
export interface ShownOutput {
  /** Fenced; the start and the end apart where the middle is left out. Empty: there was none. */
  readonly text: string;
  /** How many bytes are left out. */
  readonly omittedBytes: number;
}

/**
 * Shows what a command printed, the middle left out of what is long.
 *
 * @param bytes What is there of it
 * @param missing What is not, and where
 * @param source What it is: `"stdout"`
 * @param most How many characters of it
 */
export function showOutput(
  bytes: Uint8Array,
  missing: Omission,
  source: string,
  most: number = MAX_OUTPUT_CHARACTERS,
): ShownOutput {
  if (bytes.length === 0) return { text: "", omittedBytes: missing.bytes };
  const whole = missing.bytes === 0 ? decodeBytes(bytes) : undefined;
  if (whole !== undefined && visible(whole).length <= most) {
    return { text: fence(whole, source), omittedBytes: 0 };
  }
  const before = [...whole ?? withoutBroken(decodeBytes(bytes.subarray(0, missing.at)), "end")];
  const head = before.slice(0, fitting(before, most));
  const after = whole === undefined
    ? [...withoutBroken(decodeBytes(bytes.subarray(missing.at)), "start")]
    : before.slice(head.length);
  const tail = after.slice(after.length - fitting(after.toReversed(), most));
  const omittedBytes = missing.bytes + bytes.length - byteLength(head) - byteLength(tail);
  const parts = [
    fence(head.join(""), `start of ${source}`),
    `… ${omittedBytes.toLocaleString("en")} bytes left out …`,
    fence(tail.join(""), `end of ${source}`),
  ];
  return { text: parts.join("\n"), omittedBytes };
}

/** Without the part of a character that a cut through it left. */
function withoutBroken(text: string, side: "start" | "end"): string {
  return side === "end"
    ? text.replace(/[\udc80-\udcff]{1,3}$/, "")
    : text.replace(/^[\udc80-\udcff]{1,3}/, "");
}

/** How many of the characters go into half of the space. */
function fitting(characters: readonly string[], most: number): number {
  let room = most / 2;
  const first = characters.findIndex((character) => (room -= shownLength(character)) < 0);
  return first === -1 ? characters.length : first;
}

function shownLength(character: string): number {
  return character === "\n" || character === "\t" ? 1 : visible(character).length;
}

function byteLength(characters: readonly string[]): number {
  let bytes = 0;
  for (const character of characters) {
    const code = character.codePointAt(0) ?? 0;
    const isByte = code >= 0xdc80 && code <= 0xdcff;
    bytes += isByte || code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

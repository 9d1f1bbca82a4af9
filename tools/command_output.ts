import type { Omission } from "../client/mod.ts";
import { visible } from "../client/internal.ts";
import { fence } from "./text/fence.ts";
import { decodeBytes } from "./text/decode_bytes.ts";

/** Maximum number of characters of one output in a result, counted as they are shown. */
export const MAX_OUTPUT_CHARACTERS = 20_000;

/** An output as a model reads it. */
export interface ShownOutput {
  /** Fenced text, in two parts if the middle is left out; empty if there was no output. */
  readonly text: string;
  /** Number of bytes left out. */
  readonly omittedBytes: number;
}

/**
 * Shows the output of a command; the middle of a long output is left out.
 *
 * @param bytes Bytes of the output that were kept
 * @param missing Gap in them
 * @param source Name of the output: `"stdout"`
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
    return { text: fence(whole, source, "the container"), omittedBytes: 0 };
  }
  const before = [...whole ?? withoutBroken(decodeBytes(bytes.subarray(0, missing.at)), "end")];
  const head = before.slice(0, fitting(before, most));
  const after = whole === undefined
    ? [...withoutBroken(decodeBytes(bytes.subarray(missing.at)), "start")]
    : before.slice(head.length);
  const tail = after.slice(after.length - fitting(after.toReversed(), most));
  const omittedBytes = missing.bytes + bytes.length - byteLength(head) - byteLength(tail);
  const atLeast = missing.isAtLeast === true ? "at least " : "";
  const parts = [
    fence(head.join(""), `start of ${source}`, "the container"),
    `… ${atLeast}${omittedBytes.toLocaleString("en")} bytes left out …`,
    fence(tail.join(""), `end of ${source}`, "the container"),
  ];
  return { text: parts.join("\n"), omittedBytes };
}

/** Drops the part of a character that a cut through it left. */
function withoutBroken(text: string, side: "start" | "end"): string {
  return side === "end"
    ? text.replace(/[\udc80-\udcff]{1,3}$/, "")
    : text.replace(/^[\udc80-\udcff]{1,3}/, "");
}

/** Returns how many characters fit in half of the space. */
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

/**
 * One line of an `authorized_keys` file, taken apart as sshd does it.
 *
 * @module
 */
import { decodeBlob, isWholeKey } from "./key_blob.ts";

/** The parts of a line that has the shape of a key. */
export interface KeyParts {
  /** What stands before the type: `from="10.0.0.0/8",no-pty`; empty for most. */
  readonly options: string;
  /** `ssh-ed25519`. */
  readonly type: string;
  /** The key itself. */
  readonly base64: string;
  /** What stands after it; empty where there is nothing. */
  readonly comment: string;
}

/** A line that holds a key. */
export interface KeyLine extends KeyParts {
  /** The line, without what stands around it. */
  readonly text: string;
  /** The decoded key. */
  readonly blob: Uint8Array<ArrayBuffer>;
}

/**
 * Parses a line; `undefined` if it does not look like a key. Options come first and may hold
 * spaces between quotes, so that what looks like a key in there is none.
 */
export function splitKeyLine(line: string): KeyParts | undefined {
  const text = trimBlanks(line);
  if (text.startsWith("#")) return undefined;
  const bare = keyAt(text, "");
  if (bare !== undefined) return bare;
  const end = endOfOptions(text);
  return end === undefined ? undefined : keyAt(trimBlanks(text.slice(end)), text.slice(0, end));
}

/** Reads a line; nothing when sshd would find no key in it. */
export function readKeyLine(line: string): KeyLine | undefined {
  const parts = splitKeyLine(line);
  if (parts === undefined) return undefined;
  const blob = decodeBlob(parts.base64);
  if (blob === undefined || !isWholeKey(parts.type, blob)) return undefined;
  return { ...parts, text: trimBlanks(line), blob };
}

/** What makes two lines the same key, whatever their options and comments. */
export function identityOf({ type, base64 }: Pick<KeyParts, "type" | "base64">): string {
  return `${type} ${base64}`;
}

/** What sshd passes over, and no more: before a byte order mark, say, it finds no key. */
function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && " \t".includes(text.charAt(start))) start++;
  while (start < end && " \t\r\n".includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function keyAt(text: string, options: string): KeyParts | undefined {
  const found = /^((?:ssh|ecdsa|sk)-[\w@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?$/s
    .exec(text);
  if (found === null) return undefined;
  const [, type = "", base64 = "", comment = ""] = found;
  return { options, type, base64, comment };
}

/** Where the first space outside quotes is; nothing when a quote is never closed. */
function endOfOptions(text: string): number | undefined {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "\\" && text[at + 1] === '"') at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === " " || character === "\t")) return at;
  }
  return undefined;
}

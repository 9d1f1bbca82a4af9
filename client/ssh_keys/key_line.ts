/**
 * Parses a line of an `authorized_keys` file as sshd does.
 *
 * @module
 */
import { decodeBlob, isWholeKey } from "./key_blob.ts";

/** Parts of a line that looks like a key. */
export interface KeyParts {
  /** Options before the type: `from="10.0.0.0/8",no-pty`; usually empty. */
  readonly options: string;
  /** `ssh-ed25519`. */
  readonly type: string;
  /** The key, as base64. */
  readonly base64: string;
  /** The comment after it; empty if there is none. */
  readonly comment: string;
}

/** A line that holds a key. */
export interface KeyLine extends KeyParts {
  /** The line, trimmed. */
  readonly text: string;
  /** The decoded key. */
  readonly blob: Uint8Array<ArrayBuffer>;
}

/**
 * Parses a line; `undefined` if it does not look like a key. Options come first and may hold spaces
 * in quotes, so what looks like a key in there is not one.
 */
export function splitKeyLine(line: string): KeyParts | undefined {
  const text = trimBlanks(line);
  if (text.startsWith("#")) return undefined;
  const bare = keyAt(text, "");
  if (bare !== undefined) return bare;
  const end = endOfOptions(text);
  return end === undefined ? undefined : keyAt(trimBlanks(text.slice(end)), text.slice(0, end));
}

/** Reads a line; `undefined` if sshd would find no key in it. */
export function readKeyLine(line: string): KeyLine | undefined {
  const parts = splitKeyLine(line);
  if (parts === undefined) return undefined;
  const blob = decodeBlob(parts.base64);
  if (blob === undefined || !isWholeKey(parts.type, blob)) return undefined;
  return { ...parts, text: trimBlanks(line), blob };
}

/** Returns what identifies a key, whatever its options and comment. */
export function identityOf({ type, base64 }: Pick<KeyParts, "type" | "base64">): string {
  return `${type} ${base64}`;
}

/** Only the white space that sshd skips: it finds no key after a byte order mark, for example. */
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

/** Returns the index of the first space outside quotes; `undefined` if a quote is never closed. */
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

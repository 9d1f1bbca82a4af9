import { identityOf, type KeyLine, readKeyLine } from "./key_line.ts";

interface Line {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly key: KeyLine | undefined;
}

const LINE_END = 10;
// sshd finds no key after a byte order mark, so keep it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** An `authorized_keys` file. Lines that are not edited stay byte for byte. */
export class AuthorizedKeys {
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #lines: readonly Line[];

  /** @param bytes The file */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.#lines = linesOf(bytes);
  }

  /** The lines that hold a key, in order. */
  get keys(): readonly KeyLine[] {
    return this.#lines.flatMap(({ key }) => key ?? []);
  }

  /** Number of lines that sshd ignores: not a key, not empty, not a comment. */
  get unreadable(): number {
    return this.#lines.filter(({ text, key }) => key === undefined && /^\s*[^\s#]/.test(text))
      .length;
  }

  /** Returns the lines with this key, whatever their options and comments. */
  linesOf(identity: string): readonly KeyLine[] {
    return this.keys.filter((key) => identityOf(key) === identity);
  }

  /** Returns the file with one more line. */
  with(line: string): AuthorizedKeys {
    const isOpen = this.bytes.length > 0 && this.bytes.at(-1) !== LINE_END;
    const added = new TextEncoder().encode(`${isOpen ? "\n" : ""}${line}\n`);
    return new AuthorizedKeys(new Uint8Array([...this.bytes, ...added]));
  }

  /** Returns the file without the lines of this key. */
  without(identity: string): AuthorizedKeys {
    const kept = this.#lines.filter(({ key }) => key === undefined || identityOf(key) !== identity);
    return new AuthorizedKeys(new Uint8Array(kept.flatMap(({ bytes }) => [...bytes])));
  }
}

function linesOf(bytes: Uint8Array): readonly Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(LINE_END, at);
    const next = end === -1 ? bytes.length : end + 1;
    const line = bytes.subarray(at, next);
    const text = decoder.decode(line);
    lines.push({ bytes: line, text, key: readKeyLine(text) });
    at = next;
  }
  return lines;
}

/**
 * Takes values of secrets out of texts. Logs and errors quote none by themselves; this is for what the
 * daemon, or somebody in between, may quote.
 *
 * @module
 */

/** Number of values remembered. */
const REMEMBERED = 100;
/** Minimum length of a value: taking out "a" would garble every line. */
const MIN_CHARS = 8;
/** A text may end within a value: that many characters are enough to know it by. */
const HEAD_CHARS = 32;

/** Remembers values that this process has sent or received. */
export class SecretValues {
  /** By value, the oldest first. */
  readonly #known = new Map<string, readonly string[]>();

  /** Remembers a value, as it is and as it stands in JSON. */
  remember(value: string): void {
    const inJson = JSON.stringify(value).slice(1, -1);
    // As Go writes JSON.
    const inGoJson = inJson.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
    const forms = new Set([inGoJson, inJson, value]);
    this.#known.delete(value);
    this.#known.set(value, [...forms].filter((form) => form.length >= MIN_CHARS));
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Returns `text` without the remembered values. */
  redact(text: string): string {
    const forms = [...this.#known.values()].flat();
    // One may contain another.
    return forms.sort((a, b) => b.length - a.length).reduce(withoutValue, text);
  }
}

function withoutValue(text: string, value: string): string {
  const head = value.slice(0, HEAD_CHARS);
  let shown = "";
  let from = 0;
  for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, from)) {
    shown += `${text.slice(from, at)}[secret]`;
    from = at + lengthInCommon(text, at, value);
  }
  return shown + text.slice(from);
}

function lengthInCommon(text: string, at: number, value: string): number {
  let length = 0;
  while (length < value.length && text[at + length] === value[length]) length++;
  return length;
}

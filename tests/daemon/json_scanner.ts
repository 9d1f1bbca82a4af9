/**
 * Reads JSON as Go's `encoding/json` does, keeping where each value stood: the daemon's errors name line and
 * column, and its syntax errors have Go's words, neither of which `JSON.parse` can give.
 *
 * @module
 */

/** One JSON value with its text and its place. */
export type JsonNode =
  & { readonly raw: string; readonly place: string }
  & (
    | { readonly kind: "null" }
    | { readonly kind: "boolean"; readonly value: boolean }
    | { readonly kind: "number"; readonly value: number }
    | { readonly kind: "string"; readonly value: string }
    | { readonly kind: "array"; readonly items: readonly JsonNode[] }
    | { readonly kind: "object"; readonly members: readonly JsonMember[] }
  );

/** One `"name": value` of an object. */
export interface JsonMember {
  readonly name: string;
  /** As `"name"`, with its quotes and escapes. */
  readonly rawName: string;
  readonly place: string;
  readonly value: JsonNode;
}

/** What Go's decoder would have said. */
export class JsonSyntaxError extends Error {
  /** The class's name. */
  override readonly name = "JsonSyntaxError";
}

/** The first value in the text, or undefined when there is only white space; what follows it is not read. */
export function scanJson(text: string): JsonNode | undefined {
  const trimmed = text.replace(/^[ \t\r\n]+/, "");
  return trimmed === "" ? undefined : new Scanner(trimmed).value("looking for beginning of value");
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(context: string): JsonNode {
    this.#skipSpace();
    const start = this.#at;
    const char = this.#peek();
    if (char === "{") return this.#object(start);
    if (char === "[") return this.#array(start);
    if (char === '"') {
      const value = this.#string();
      return { kind: "string", value, ...this.#span(start) };
    }
    if (char === "-" || isDigit(char)) {
      this.#number();
      const value = Number(this.#text.slice(start, this.#at));
      return { kind: "number", value, ...this.#span(start) };
    }
    for (const word of ["true", "false", "null"] as const) {
      if (char !== word[0]) continue;
      this.#word(word);
      return word === "null"
        ? { kind: "null", ...this.#span(start) }
        : { kind: "boolean", value: word === "true", ...this.#span(start) };
    }
    throw this.#unexpected(context);
  }

  #object(start: number): JsonNode {
    const members: JsonMember[] = [];
    this.#at += 1;
    this.#skipSpace();
    if (this.#peek() === "}") {
      this.#at += 1;
      return { kind: "object", members, ...this.#span(start) };
    }
    for (;;) {
      this.#skipSpace();
      const nameAt = this.#at;
      if (this.#peek() !== '"') {
        throw this.#unexpected("looking for beginning of object key string");
      }
      const name = this.#string();
      const { raw: rawName, place } = this.#span(nameAt);
      this.#skipSpace();
      if (this.#peek() !== ":") throw this.#unexpected("after object key");
      this.#at += 1;
      const value = this.value("looking for beginning of value");
      members.push({ name, rawName, place, value });
      this.#skipSpace();
      const char = this.#peek();
      if (char !== "," && char !== "}") throw this.#unexpected("after object key:value pair");
      this.#at += 1;
      if (char === "}") return { kind: "object", members, ...this.#span(start) };
    }
  }

  #array(start: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at += 1;
    this.#skipSpace();
    if (this.#peek() === "]") {
      this.#at += 1;
      return { kind: "array", items, ...this.#span(start) };
    }
    for (;;) {
      items.push(this.value("looking for beginning of value"));
      this.#skipSpace();
      const char = this.#peek();
      if (char !== "," && char !== "]") throw this.#unexpected("after array element");
      this.#at += 1;
      if (char === "]") return { kind: "array", items, ...this.#span(start) };
    }
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    for (;;) {
      const char = this.#peek();
      if (char === '"') break;
      if (char < " ") throw this.#unexpected("in string literal");
      this.#at += 1;
      if (char !== "\\") continue;
      const escape = this.#peek();
      if (!'"\\/bfnrtu'.includes(escape)) throw this.#unexpected("in string escape code");
      this.#at += 1;
      for (let digits = 0; escape === "u" && digits < 4; digits++) {
        if (!/[0-9a-f]/i.test(this.#peek())) {
          throw this.#unexpected("in \\u hexadecimal character escape");
        }
        this.#at += 1;
      }
    }
    this.#at += 1;
    const value: unknown = JSON.parse(this.#text.slice(start, this.#at));
    return String(value);
  }

  #number(): void {
    if (this.#peek() === "-") this.#at += 1;
    if (this.#peek() === "0") this.#at += 1;
    else this.#digits("in numeric literal");
    if (this.#text[this.#at] === ".") {
      this.#at += 1;
      this.#digits("after decimal point in numeric literal");
    }
    if (/[eE]/.test(this.#text[this.#at] ?? "")) {
      this.#at += 1;
      if (/[+-]/.test(this.#peek())) this.#at += 1;
      this.#digits("in exponent of numeric literal");
    }
  }

  #digits(context: string): void {
    if (!isDigit(this.#peek())) throw this.#unexpected(context);
    while (isDigit(this.#text[this.#at] ?? "")) this.#at += 1;
  }

  #word(word: string): void {
    for (const expected of word) {
      if (this.#peek() !== expected) {
        throw this.#unexpected(`in literal ${word} (expecting '${expected}')`);
      }
      this.#at += 1;
    }
  }

  #skipSpace(): void {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "x")) this.#at += 1;
  }

  #peek(): string {
    const char = this.#text[this.#at];
    if (char === undefined) throw new JsonSyntaxError("unexpected EOF");
    return char;
  }

  #unexpected(context: string): JsonSyntaxError {
    const char = this.#peek();
    const shown = char === "'" ? "\\'" : char === '"' ? '"' : JSON.stringify(char).slice(1, -1);
    return new JsonSyntaxError(`invalid character '${shown}' ${context}`);
  }

  /** The text since `start` and, as protojson writes it, where that is. */
  #span(start: number): { readonly raw: string; readonly place: string } {
    const lines = this.#text.slice(0, start).split("\n");
    // Go counts runes, JavaScript UTF-16 units.
    const column = [...lines.at(-1) ?? ""].length + 1;
    return { raw: this.#text.slice(start, this.#at), place: `line ${lines.length}:${column}` };
  }
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}

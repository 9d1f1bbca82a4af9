import { type Node, parse, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { type Editor, indentOf, isSameItem, lineEndOf, lineIndent, splice } from "./editor.ts";

const lenient = { allowTrailingComma: true };

/** JSON in which comments and trailing commas are allowed. */
export const jsonEditor: Editor = {
  parse: (text) => {
    if (isBlank(text)) return undefined;
    const errors: ParseError[] = [];
    const data: unknown = parse(text, errors, lenient);
    const [error] = errors;
    if (error === undefined) return data;
    const line = text.slice(0, error.offset).split("\n").length;
    throw new SyntaxError(`${printParseErrorCode(error.error)} in line ${line}`);
  },
  put: (text, { keys, by, value }) => {
    if (isBlank(text)) {
      return text + written(nested(keys, by === undefined ? value : [value]), "", "  ", "\n") +
        "\n";
    }
    const root = parseTree(text, [], lenient);
    if (root === undefined) throw new SyntaxError("there is no value");
    const { node, rest } = descend(root, keys);
    const [key, ...deeper] = rest;
    if (key !== undefined) {
      const inner = nested(deeper, by === undefined ? value : [value]);
      return addMember(text, node, "object", inner, key);
    }
    if (by === undefined) return replace(text, node, value);
    const isSame = isSameItem({ keys, by, value });
    const item = node.children?.find((child) => isSame(parse(source(text, child), [], lenient)));
    return item === undefined ? addMember(text, node, "array", value) : replace(text, item, value);
  },
};

/** JSON as it is defined, for clients that accept nothing else. */
export const strictJsonEditor: Editor = {
  parse: (text) => isBlank(text) ? undefined : JSON.parse(text),
  put: jsonEditor.put,
};

function isBlank(text: string): boolean {
  return text.trim() === "";
}

function source(text: string, { offset, length }: Node): string {
  return text.slice(offset, offset + length);
}

/** Follows keys as far as there are values. */
function descend(node: Node, keys: readonly string[]): { node: Node; rest: readonly string[] } {
  const [key, ...rest] = keys;
  if (key === undefined) return { node, rest: keys };
  const member = node.children?.find(({ children }) => children?.[0]?.value === key)?.children?.[1];
  return node.type === "object" && member !== undefined
    ? descend(member, rest)
    : { node, rest: keys };
}

/** Returns a value under keys. */
export function nested(keys: readonly string[], value: unknown): unknown {
  return keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

function written(value: unknown, margin: string, indent: string, lineEnd: string): string {
  return JSON.stringify(value, undefined, indent).replaceAll("\n", lineEnd + margin);
}

function replace(text: string, node: Node, value: unknown): string {
  const margin = lineIndent(text, node.offset);
  const json = text.includes("\n")
    ? written(value, margin, indentOf(text), lineEndOf(text))
    : JSON.stringify(value);
  return splice(text, node.offset, node.offset + node.length, json);
}

function addMember(
  text: string,
  node: Node,
  type: "object" | "array",
  value: unknown,
  key?: string,
): string {
  if (node.type !== type) throw new SyntaxError(`there is no ${type}`);
  const label = key === undefined ? "" : `${JSON.stringify(key)}: `;
  const last = node.children?.at(-1);
  const isInline = last !== undefined && !source(text, node).includes("\n");
  if (isInline) {
    const end = last.offset + last.length;
    return splice(text, end, end, `, ${label}${JSON.stringify(value)}`);
  }
  const [lineEnd, indent] = [lineEndOf(text), indentOf(text)];
  const outer = lineIndent(text, node.offset);
  if (last === undefined) {
    const start = node.offset + 1;
    const margin = outer + indent;
    const member = `${lineEnd}${margin}${label}${written(value, margin, indent, lineEnd)}`;
    const isClosed = /^\s*[}\]]/.test(text.slice(start));
    const end = isClosed ? node.offset + node.length - 1 : start;
    return splice(text, start, end, `${member}${isClosed ? lineEnd + outer : ""}`);
  }
  const margin = startsItsLine(text, last.offset) ? lineIndent(text, last.offset) : outer + indent;
  const member = `${lineEnd}${margin}${label}${written(value, margin, indent, lineEnd)}`;
  const { comma, end } = lineAfter(text, last.offset + last.length);
  // A comment on the line of the last member stays with it.
  return comma ? splice(text, end, end, member) : splice(
    splice(text, end, end, member),
    last.offset + last.length,
    last.offset + last.length,
    ",",
  );
}

function startsItsLine(text: string, offset: number): boolean {
  return /(?:^|\n)[ \t]*$/.test(text.slice(0, offset));
}

const rest =
  /^((?:[ \t]|\/\*(?:(?!\*\/)[^\n])*\*\/)*)(,?)(?:[ \t]|\/\*(?:(?!\*\/)[^\n])*\*\/)*(?:\/\/[^\r\n]*)?/;

/** Returns what follows a value on its line: whether a comma does, and the end of the comments. */
function lineAfter(text: string, offset: number): { comma: boolean; end: number } {
  const [all = "", , comma] = rest.exec(text.slice(offset)) ?? [];
  return { comma: comma === ",", end: offset + all.trimEnd().length };
}

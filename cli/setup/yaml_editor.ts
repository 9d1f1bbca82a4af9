import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { type Editor, isSameItem, lineEndOf, type Placed, splice } from "./editor.ts";
import { nested } from "./json_editor.ts";

/** Process of Node, as far as it is used. */
interface Process {
  /** Its environment. */
  env: Record<string, string | undefined>;
}

/** Returns what edits YAML, one document. */
export async function yamlEditor(): Promise<Editor> {
  const { default: process } = await import("node:process");
  const parse = (text: string) => parseOne(text, process);
  return {
    parse: (text) => parse(text)?.toJS(),
    put: (text, placed) => put(text, parse(text)?.contents, placed),
    addsInFront: true,
  };
}

function put(text: string, contents: unknown, placed: Placed): string {
  const { keys, by, value } = placed;
  const whole = by === undefined ? value : [value];
  if (!isThere(contents)) return append(text, nested(keys, whole), "");
  let node: unknown = contents;
  let above: unknown;
  for (const [at, key] of keys.entries()) {
    if (!isMap(node)) throw new SyntaxError("there is no map");
    const rest = keys.slice(at);
    const pair = node.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
    if (pair === undefined) return addToMap(text, node, above, nested(rest, whole));
    if (!isThere(pair.value)) {
      // One level below its key.
      const column = `${columnOf(text, node)}  `;
      return insertBelow(text, pair.key, nested(rest.slice(1), whole), column);
    }
    above = pair.key;
    node = pair.value;
  }
  return putHere(text, node, above, placed);
}

function parseOne(text: string, process: Process): Document.Parsed | undefined {
  const documents = withoutVariables(process, () => parseAllDocuments(text));
  if (!Array.isArray(documents)) return undefined;
  const [document, ...others] = documents;
  if (others.length > 0) throw new SyntaxError("there is more than one document");
  const [error] = document?.errors ?? [];
  if (error !== undefined) throw error;
  return document;
}

/** The library looks for variables of its own at each token; this process may not read those. */
function withoutVariables<Result>(process: Process, act: () => Result): Result {
  const { env } = process;
  process.env = {};
  try {
    return act();
  } finally {
    process.env = env;
  }
}

/** Returns whether a node stands in the text: a key may have no value. */
function isThere(node: unknown): node is Node {
  return isNode(node) && !(isScalar(node) && node.value === null && startOf(node) === endOf(node));
}

/** Adds members right below the key of a map, so that every comment stays with what it is about. */
function addToMap(text: string, map: YAMLMap, key: unknown, members: unknown): string {
  if (map.flow === true) return addToFlow(text, map, JSON.stringify(members).slice(1, -1));
  const column = columnOf(text, map);
  return key === undefined
    ? append(text, members, column)
    : insertBelow(text, key, members, column);
}

/** Replaces a value, or an item of a list, or adds an item. */
function putHere(text: string, node: unknown, key: unknown, placed: Placed): string {
  const { by, value } = placed;
  if (by === undefined) return replace(text, node, value);
  if (!isSeq(node)) throw new SyntaxError("there is no list");
  const isSame = isSameItem(placed);
  const item = node.items.find((item) => isMap(item) && isSame({ [by]: item.get(by) }));
  if (item !== undefined) return replace(text, item, value);
  return node.flow === true
    ? addToFlow(text, node, JSON.stringify(value))
    : insertBelow(text, key, [value], columnOf(text, node));
}

function replace(text: string, node: unknown, value: unknown): string {
  if (!isNode(node)) throw new SyntaxError("there is no value");
  const isBlock = isCollection(node) && node.flow !== true;
  const written = isBlock
    ? linesOf(value, columnOf(text, node), lineEndOf(text)).trim()
    : JSON.stringify(value);
  return splice(text, startOf(node), lastOf(node), written);
}

function addToFlow(text: string, node: YAMLMap | YAMLSeq, member: string): string {
  const start = startOf(node) + 1;
  return splice(text, start, start, node.items.length === 0 ? member : `${member}, `);
}

function append(text: string, value: unknown, column: string): string {
  const gap = text === "" || text.endsWith("\n") ? "" : lineEndOf(text);
  return text + gap + linesOf(value, column, lineEndOf(text));
}

/** Inserts lines after the one that a key is in. */
function insertBelow(text: string, key: unknown, value: unknown, column: string): string {
  const at = text.indexOf("\n", endOf(key));
  if (at < 0) return append(text, value, column);
  return splice(text, at + 1, at + 1, linesOf(value, column, lineEndOf(text)));
}

function linesOf(value: unknown, column: string, lineEnd: string): string {
  return stringify(value, { lineWidth: 0, compat: "yaml-1.1" }).trimEnd().split("\n")
    .map((line) => `${column}${line}${lineEnd}`).join("");
}

/** Returns white space as wide as what stands before a node in its line. */
function columnOf(text: string, node: Node): string {
  const start = startOf(node);
  return " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1));
}

function startOf(node: Node): number {
  return placeOf(node)[0];
}

function endOf(node: unknown): number {
  return placeOf(node)[1];
}

function placeOf(node: unknown): readonly [number, number, ...number[]] {
  if (!isNode(node) || node.range === undefined || node.range === null) {
    throw new SyntaxError("there is no place");
  }
  return node.range;
}

/** Returns where the last value in a node ends: the comments after it belong to what follows. */
function lastOf(node: Node): number {
  if (!isCollection(node) || node.flow === true) return endOf(node);
  const last: unknown = node.items.at(-1);
  if (!isPair(last)) return isNode(last) ? lastOf(last) : endOf(node);
  return isThere(last.value) ? lastOf(last.value) : endOf(last.key) + 1;
}

import { type AST, getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import { type Editor, isRecord, lineEndOf, splice } from "./editor.ts";

/** TOML: a value is a table of its own at the end, or where it stood before. */
export const tomlEditor: Editor = {
  parse: (text) => getStaticTOMLValue(parseTOML(text)),
  put: (text, { keys, value }) => {
    const [top] = parseTOML(text).body;
    const lineEnd = lineEndOf(text);
    const table = tableOf(keys, value).join(lineEnd);
    const old = top.body.filter((node): node is AST.TOMLTable =>
      node.type === "TOMLTable" && keys.every((key, at) => node.resolvedKey[at] === key)
    );
    if (old.length > 0) return replaceTables(text, old, table);
    const gap = text === "" || text.endsWith(`${lineEnd}${lineEnd}`)
      ? ""
      : text.endsWith("\n")
      ? lineEnd
      : lineEnd + lineEnd;
    return `${text}${gap}${table}${lineEnd}`;
  },
};

/** The comments between tables and at the end of lines stay. */
function replaceTables(text: string, old: readonly AST.TOMLTable[], table: string): string {
  return old.toReversed().reduce((edited, node, at) => {
    const [start, end] = node.range;
    if (at === old.length - 1) return splice(edited, start, end, table);
    return splice(edited, start, endOfLine(edited, end), "");
  }, text);
}

function endOfLine(text: string, offset: number): number {
  const [rest = ""] = /^[ \t]*(?:\r?\n)?/.exec(text.slice(offset)) ?? [];
  return offset + rest.length;
}

function tableOf(keys: readonly string[], value: Readonly<Record<string, unknown>>): string[] {
  return [
    `[${keys.map(keyOf).join(".")}]`,
    ...Object.entries(value).map(([key, member]) => `${keyOf(key)} = ${valueOf(member)}`),
  ];
}

function keyOf(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : textOf(key);
}

function valueOf(value: unknown): string {
  if (typeof value === "string") return textOf(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(valueOf).join(", ")}]`;
  if (!isRecord(value)) throw new TypeError(`TOML has no ${String(value)}`);
  const members = Object.entries(value).map(([key, member]) =>
    `${keyOf(key)} = ${valueOf(member)}`
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** Basic strings have the escapes of JSON; JSON leaves one control character as it is. */
function textOf(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}

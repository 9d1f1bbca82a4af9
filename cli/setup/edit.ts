/**
 * Puts values into configuration files and leaves everything else in them as it is, byte for byte. The
 * libraries find the places in the text; nothing is written anew but what was asked for.
 *
 * @module
 */
import { UsageError } from "../usage_error.ts";
import { type Editor, isRecord, isSameItem, type Language, type Placed } from "./editor.ts";

/** Loads what edits a language. */
export async function editorOf(language: Language): Promise<Editor> {
  switch (language) {
    case "json":
      return (await import("./json_editor.ts")).strictJsonEditor;
    case "jsonc":
      return (await import("./json_editor.ts")).jsonEditor;
    case "toml":
      return (await import("./toml_editor.ts")).tomlEditor;
    case "yaml":
      return await (await import("./yaml_editor.ts")).yamlEditor();
  }
}

/**
 * Returns a text with values put in their places. Line ends and a byte order mark stay as they are.
 *
 * @param label Name of the file for messages
 * @throws {UsageError} If the text cannot be parsed, or a value cannot be put there with nothing else changed
 */
export async function putAll(
  text: string,
  language: Language,
  values: readonly Placed[],
  label: string,
): Promise<string> {
  const editor = await editorOf(language);
  let edited = withoutMark(text);
  for (const placed of values) edited = await putOne(edited, editor, placed, label);
  return text.startsWith(MARK) ? MARK + edited : edited;
}

async function putOne(
  text: string,
  editor: Editor,
  placed: Placed,
  label: string,
): Promise<string> {
  const { isDeepStrictEqual } = await import("node:util");
  const inFront = editor.addsInFront === true;
  const wanted = withValue(parseFile(text, editor, label), placed, inFront, label);
  const refuse = (cause?: unknown) =>
    new UsageError(
      `${label}: ${placed.keys.join(".")} cannot be changed with everything else left as it is; ` +
        "paste it by hand",
      { cause },
    );
  try {
    const edited = editor.put(text, placed);
    if (isDeepStrictEqual(editor.parse(edited), wanted)) return edited;
  } catch (error) {
    throw refuse(error);
  }
  throw refuse();
}

/** Returns what stands in a file now in a place; `undefined` if nothing does. */
export async function valueAt(
  text: string,
  language: Language,
  placed: Placed,
  label: string,
): Promise<unknown> {
  const data = parseFile(withoutMark(text), await editorOf(language), label);
  const found = placed.keys.reduce<unknown>(memberOf, data);
  if (placed.by === undefined) return found;
  return Array.isArray(found) ? found.find(isSameItem(placed)) : undefined;
}

function parseFile(text: string, editor: Editor, label: string): unknown {
  try {
    return editor.parse(text) ?? {};
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UsageError(`${label} is left as it is, because it cannot be parsed: ${reason}`);
  }
}

const MARK = "\u{FEFF}";

function withoutMark(text: string): string {
  return text.startsWith(MARK) ? text.slice(MARK.length) : text;
}

/** Returns the member of an object under its own key. */
function memberOf(data: unknown, key: string): unknown {
  return isRecord(data) && Object.hasOwn(data, key) ? data[key] : undefined;
}

/** Returns the data with a value in its place, by itself: what the edited text has to say. */
function withValue(data: unknown, placed: Placed, inFront: boolean, label: string): unknown {
  const [key, ...keys] = placed.keys;
  if (key === undefined) {
    return placed.by === undefined ? placed.value : withItem(data, placed, inFront);
  }
  if (data !== undefined && data !== null && !isRecord(data)) {
    throw new UsageError(`${label}: there is a value where ${key} belongs; look at it yourself`);
  }
  const inner = withValue(memberOf(data, key), { ...placed, keys }, inFront, label);
  return { ...data, [key]: inner };
}

function withItem(data: unknown, placed: Placed, inFront: boolean): unknown {
  const items: readonly unknown[] = Array.isArray(data) ? data : [];
  const isSame = isSameItem(placed);
  if (items.some(isSame)) return items.map((item) => isSame(item) ? placed.value : item);
  return inFront ? [placed.value, ...items] : [...items, placed.value];
}

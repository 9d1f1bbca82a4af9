import type { AnyNode, DocumentNode, MemberNode } from "@humanwhocodes/momoa";

/** JSON with the line of each value; or why the text is not JSON. */
export type SourceJson =
  | {
    readonly isJson: true;
    /** Value. */
    readonly value: unknown;
    /** Paths of keys that occur twice in one object. */
    readonly repeatedKeys: readonly (readonly PropertyKey[])[];
    /** Returns the line of the value at a path, or of its nearest parent. */
    readonly lineOf: (path: readonly PropertyKey[]) => number;
  }
  | {
    readonly isJson: false;
    /** `line 3: Unexpected token RBrace found.` */
    readonly fault: string;
  };

/** Parses JSON. */
export async function readJson(text: string): Promise<SourceJson> {
  // Loaded only if there is a policy file.
  const { parse } = await import("@humanwhocodes/momoa");
  const plain = text.replace(/^\ufeff/, "");
  let document: DocumentNode;
  let value: unknown;
  try {
    document = parse(plain);
    value = JSON.parse(plain);
  } catch (error) {
    return { isJson: false, fault: syntaxFault(error) };
  }
  return {
    isJson: true,
    value,
    repeatedKeys: repeatedKeys(document.body, []),
    lineOf: (path) => nodeAt(document.body, path).loc.start.line,
  };
}

/** `JSON.parse` errors quote the input, which may contain secrets, so their message is dropped. */
function syntaxFault(error: unknown): string {
  if (!(error instanceof Error) || !("line" in error)) return "it is not JSON";
  return `line ${String(error.line)}: ${error.message.replace(/ \(\d+:\d+\)$/, "")}`;
}

function nodeAt(node: AnyNode, path: readonly PropertyKey[]): AnyNode {
  const [step, ...rest] = path;
  if (step === undefined) return node;
  if (node.type === "Object") {
    const member = node.members.find((member) => keyOf(member) === step);
    if (member === undefined) return node;
    return rest.length === 0 ? member : nodeAt(member.value, rest);
  }
  if (node.type === "Array" && typeof step === "number") {
    const element = node.elements[step];
    return element === undefined ? node : nodeAt(element.value, rest);
  }
  return node;
}

function repeatedKeys(node: AnyNode, path: readonly PropertyKey[]): (readonly PropertyKey[])[] {
  if (node.type === "Array") {
    return node.elements.flatMap(({ value }, at) => repeatedKeys(value, [...path, at]));
  }
  if (node.type !== "Object") return [];
  const seen = new Set<string>();
  return node.members.flatMap((member) => {
    const key = keyOf(member);
    const here = [...path, key];
    const isRepeated = seen.has(key);
    seen.add(key);
    return [...(isRepeated ? [here] : []), ...repeatedKeys(member.value, here)];
  });
}

function keyOf({ name }: MemberNode): string {
  return name.type === "String" ? name.value : name.name;
}

import type { AnyNode, DocumentNode, MemberNode } from "@humanwhocodes/momoa";

/** JSON that knows where in its text things are; or why the text is none. */
export type SourceJson =
  | {
    readonly isJson: true;
    /** What it says. */
    readonly value: unknown;
    /** Where a key stands that stands twice in one object. */
    readonly repeatedKeys: readonly (readonly PropertyKey[])[];
    /** The line of what a path leads to, or of what is nearest to it. */
    readonly lineOf: (path: readonly PropertyKey[]) => number;
  }
  | {
    readonly isJson: false;
    /** `line 3: Unexpected token RBrace found.` */
    readonly fault: string;
  };

/** Reads JSON. */
export async function readJson(text: string): Promise<SourceJson> {
  // Only a policy file needs it.
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

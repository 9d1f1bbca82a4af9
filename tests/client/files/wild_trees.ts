/** Random trees for the tests of transfers. @module */
import fc from "fast-check";
import type { Node, Tree } from "./memory.ts";

const names = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("a", "b", "c", "d.txt", "e") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("-rf", "a b", "ü€", "x\ny", "q'q\"", "\\", "*", "$(id)", "~"),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 20 }).map((text) => {
      const name = text.toWellFormed().replaceAll(/[\0/\ufffd]/g, "_");
      return name === "." || name === ".." ? "dots" : name;
    }),
  },
);

const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));

const contents = fc.oneof(
  fc.constantFrom("", "one", "two", "six"),
  fc.integer({ min: 1, max: 40_000 }).map((length) => "x".repeat(length)),
);

const nodes: fc.Arbitrary<Node> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("file" as const),
      bytes: contents.map((text) => new TextEncoder().encode(text)),
      mode: fc.constantFrom(0o644, 0o755, 0o600, 0o444),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Node>({ kind: "folder" }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("a", "b/c", "nowhere", "./d.txt").map((target) =>
      ({ kind: "link", target }) as const
    ),
  },
);

/** A tree in which nothing is below what is not a folder. */
export function trees(hasLinks = true): fc.Arbitrary<Tree> {
  return fc.array(fc.tuple(paths, nodes), { maxLength: 12 }).map((entries) => {
    const tree: Tree = new Map();
    for (const [path, node] of entries) {
      if (node.kind === "link" && !hasLinks) continue;
      const isBelow = [...tree].some(([other, { kind }]) =>
        path === other || other.startsWith(`${path}/`) ||
        (kind !== "folder" && path.startsWith(`${other}/`))
      );
      if (!isBelow) tree.set(path, node);
    }
    return tree;
  });
}

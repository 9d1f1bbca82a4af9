/** Whatever a configuration file holds: the server is put into it, and everything else stays, byte for byte. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { stringify } from "yaml";
import { putAll, valueAt } from "../../../cli/setup/edit.ts";
import type { Language, Placed } from "../../../cli/setup/editor.ts";
import { assertKeeps } from "./keeps.ts";

const value = { command: "/bin/srv", args: ["--a=b,c"], env: { A: "1" } };
const inMap: Placed = { keys: ["servers", "mine"], value };
const inList: Placed = { keys: ["items"], by: "name", value: { name: "mine", ...value } };

const key = fc.oneof(
  fc.stringMatching(/^[A-Za-z][\w-]{0,8}$/),
  fc.string({ unit: "grapheme", maxLength: 8 }),
).filter((key) => !["__proto__", "servers", "items", "mine"].includes(key));
const leaf = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.integer(),
  fc.boolean(),
  fc.constant("# no comment"),
  fc.constant("// none either, {"),
  fc.constant("two\nlines\n"),
);
const tree = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, tie("list"), tie("map")),
  list: fc.array(tie("value"), { maxLength: 3 }),
  map: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
})).map;
/** What is in the file, perhaps with other servers in it, perhaps with an old one of ours. */
const file = fc.record({
  rest: tree,
  servers: fc.option(tree),
  items: fc.option(fc.array(fc.record({ name: key, with: leaf }), { maxLength: 3 })),
  isCRLF: fc.boolean(),
}).map(({ rest, servers, items, isCRLF }) => ({
  data: {
    ...rest,
    ...(servers === null ? {} : { servers }),
    ...(items === null ? {} : { items }),
  },
  isCRLF,
}));

async function check(text: string, language: Language, data: Readonly<Record<string, unknown>>) {
  for (const placed of [inMap, inList]) {
    const edited = await putAll(text, language, [placed], "file");
    assertKeeps(edited, text);
    assertEquals(await valueAt(edited, language, placed, "file"), placed.value);
    for (const key of Object.keys(data)) {
      if (key === placed.keys[0]) continue;
      const other = { keys: [key], value };
      // As the file has it: yaml writes a folded text that it does not read back as the same.
      const kept = await valueAt(text, language, other, "file");
      assertEquals(await valueAt(edited, language, other, "file"), kept);
    }
    // A change of it later changes nothing else, either: back again is the same as never.
    const other = { ...placed, value: { ...placed.value, command: "other" } };
    const changed = await putAll(edited, language, [other], "file");
    assertEquals(await putAll(changed, language, [placed], "file"), edited);
  }
}

const runs = { numRuns: 150 };

Deno.test("putAll() leaves every JSON file as it is, but for the server", async () => {
  const indent = fc.constantFrom(undefined, 2, 4, "\t");
  await fc.assert(
    fc.asyncProperty(file, indent, fc.boolean(), async ({ data, isCRLF }, indent, hasComments) => {
      const plain = JSON.stringify(data, undefined, indent);
      const json = isCRLF ? plain.replaceAll("\n", "\r\n") : plain;
      await check(json, "json", data);
      if (!hasComments || indent === undefined) return;
      const commented = json.replaceAll(/(?<=[{},\[\]])(?=\r?$)/gm, " // a comment, {") + "// end";
      await check(commented, "jsonc", data);
    }),
    runs,
  );
});

Deno.test("putAll() leaves every YAML file as it is, but for the server", async () => {
  const style = fc.record({
    indent: fc.constantFrom(2, 4),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 30),
  });
  await fc.assert(
    fc.asyncProperty(file, style, async ({ data }, style) => {
      await check(stringify(data, { ...style, aliasDuplicateObjects: false }), "yaml", data);
    }),
    runs,
  );
});

Deno.test("putAll() leaves every TOML file as it is, but for the server", async () => {
  const name = fc.stringMatching(/^[a-z]{1,6}$/).filter((name) =>
    !["servers", "mine"].includes(name)
  );
  const line = fc.oneof(
    fc.constantFrom("", "# a comment", "   # indented"),
    fc.tuple(
      name,
      fc.constantFrom(
        "1_000",
        "0xff",
        "'x'",
        '"a # b"',
        "[1,  2,\n 3] # c",
        "1979-05-27",
        "{ x = 1 }",
      ),
    )
      .map(([name, value]) => ({ name, value })),
  );
  const table = fc.record({
    header: fc.tuple(fc.constantFrom("", "servers.", "servers.mine."), name)
      .map(([start, name]) => `${start}${name}`),
    lines: fc.uniqueArray(line, {
      maxLength: 5,
      selector: (line) => typeof line === "string" ? line : line.name,
    }),
  });
  const tables = fc.uniqueArray(table, { maxLength: 5, selector: ({ header }) => header });
  await fc.assert(
    fc.asyncProperty(tables, fc.boolean(), async (tables, isCRLF) => {
      const plain = tables.map(({ header, lines }) => {
        const body = lines.map((line) =>
          typeof line === "string" ? line : `${line.name} = ${line.value}`
        );
        return [`[${header}]`, ...body].join("\n");
      }).join("\n");
      const text = isCRLF ? plain.replaceAll("\n", "\r\n") : plain;
      const edited = await putAll(text, "toml", [inMap], "file");
      assertEquals(await valueAt(edited, "toml", inMap, "file"), value);
      const others = tables.filter(({ header }) => !header.startsWith("servers.mine."));
      for (const { header } of others) {
        const placed = { keys: header.split("."), value };
        assertEquals(
          await valueAt(edited, "toml", placed, "file"),
          await valueAt(text, "toml", placed, "file"),
        );
      }
      if (others.length === tables.length) assertKeeps(edited, text);
      // Comments stay even where tables of ours are replaced, unless they stood among their lines.
      for (const { header } of others) assertEquals(edited.includes(`[${header}]`), true);
    }),
    runs,
  );
});

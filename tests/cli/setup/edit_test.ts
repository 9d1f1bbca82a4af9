/** What `setup --write` does to a file: it puts its value there, and leaves everything else. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { putAll, valueAt } from "../../../cli/setup/edit.ts";
import type { Language, Placed } from "../../../cli/setup/editor.ts";
import { assertKeeps } from "./keeps.ts";
import { UsageError } from "../../../cli/usage_error.ts";

const value = { command: "/bin/srv", args: ["--a", "b c"], env: { A: "1" } };
const inMap: Placed = { keys: ["servers", "mine"], value };
const inList: Placed = { keys: ["servers"], by: "name", value: { name: "mine", ...value } };

/** Puts a value, and returns what became of the text. */
async function put(language: Language, text: string, placed = inMap): Promise<string> {
  const edited = await putAll(text, language, [placed], "file");
  assertEquals(await valueAt(edited, language, placed, "file"), placed.value);
  // The same once more changes nothing.
  assertEquals(await putAll(edited, language, [placed], "file"), edited);
  return edited;
}

Deno.test("putAll() adds to JSON: comments, order, indentation and other servers stay", async (t) => {
  const texts: Readonly<Record<string, string>> = {
    "an empty object": "{}",
    "an empty object on two lines": "{\n}\n",
    "other keys": '{\n    "a": 1,\n    "b": [1,   2]\n}\n',
    "other servers": '{\n\t"servers": {\n\t\t"other": { "command":   "x" }\n\t},\n\t"z": null\n}\n',
    "one line": '{"servers": {"other": {"command": "x"}}, "z": 1}',
    "an empty map": '{\n  "servers": {}\n}',
  };
  for (const [name, text] of Object.entries(texts)) {
    await t.step(name, async () => {
      for (const language of ["json", "jsonc"] as const) {
        assertKeeps(await put(language, text), text);
      }
    });
  }
});

Deno.test("putAll() adds to JSON with comments and trailing commas", async () => {
  assertEquals(
    await put(
      "jsonc",
      `// top
{
  // servers
  "servers": {
    "other": {}, // about other
    /* last */
  }, // end
  "x": 1 // no comma
}
// bottom
`,
      { keys: ["servers", "mine"], value: { command: "c" } },
    ),
    `// top
{
  // servers
  "servers": {
    "other": {}, // about other
    "mine": {
      "command": "c"
    }
    /* last */
  }, // end
  "x": 1 // no comma
}
// bottom
`,
  );
  assertEquals(
    await put("jsonc", '{\n  "x": 1 // no comma\n}\n', { keys: ["m"], value: { a: 1 } }),
    '{\n  "x": 1, // no comma\n  "m": {\n    "a": 1\n  }\n}\n',
  );
});

Deno.test("putAll() replaces one server in JSON and touches nothing else", async () => {
  const text = '{\n  "servers": {\n    "mine": {"command": "old"}, // mine\n    "z": {}\n  }\n}\n';
  const edited = await put("jsonc", text);
  assert(
    edited.startsWith('{\n  "servers": {\n    "mine": {\n      "command": "/bin/srv"'),
    edited,
  );
  assert(edited.endsWith('\n    }, // mine\n    "z": {}\n  }\n}\n'), edited);
});

Deno.test("putAll() adds and replaces items of lists in JSON", async () => {
  for (const text of ["{}", '{"servers": []}', '{\n  "servers": [\n    {"name": "x"}\n  ]\n}\n']) {
    const edited = await put("jsonc", text, inList);
    assertKeeps(edited, text);
    const changed = { ...inList, value: { name: "mine", command: "y" } };
    assertKeeps(await put("jsonc", edited, changed), text);
  }
});

Deno.test("putAll() adds a table to TOML, at the end", async () => {
  const text =
    '# top\nmodel = "o3"   # keep\n\n[servers.other]  # other\nargs = [ "a" ,\n  "b", # c\n]\n';
  assertEquals(
    await put("toml", text),
    `${text}\n[servers.mine]\ncommand = "/bin/srv"\nargs = ["--a", "b c"]\nenv = { A = "1" }\n`,
  );
  assertEquals(
    await put("toml", ""),
    '[servers.mine]\ncommand = "/bin/srv"\nargs = ["--a", "b c"]\nenv = { A = "1" }\n',
  );
  for (const other of ["a = 1", "[servers]\n", "servers.other.x = 1\n[z]\nd = 1979-05-27\n"]) {
    const edited = await put("toml", other).catch((error) => error);
    // TOML forbids a header for what dotted keys have begun: that is left to the user.
    if (edited instanceof UsageError) assert(other.startsWith("servers."), edited.message);
    else assert(edited.startsWith(other), edited);
  }
});

Deno.test("putAll() replaces a table of TOML with its tables, and keeps the comments between", async () => {
  const text = `[servers.mine] # mine
command = "old"
[servers.mine.env]
A = "0"

# about other
[servers.other]
x=1
[servers.mine.tools]
y = 1
# end
`;
  assertEquals(
    await put("toml", text),
    `[servers.mine]
command = "/bin/srv"
args = ["--a", "b c"]
env = { A = "1" }

# about other
[servers.other]
x=1
# end
`,
  );
});

Deno.test("putAll() adds to YAML right below the key", async () => {
  assertEquals(
    await put(
      "yaml",
      "a: 1 # x\nservers: # all\n    # about other\n    other:\n        x: [1,  2]\n\nz: 'q'\n",
    ),
    `a: 1 # x
servers: # all
    mine:
      command: /bin/srv
      args:
        - --a
        - b c
      env:
        A: "1"
    # about other
    other:
        x: [1,  2]

z: 'q'
`,
  );
});

Deno.test("putAll() adds to YAML in all the forms a map or a list may have", async (t) => {
  const texts: Readonly<Record<string, readonly [string, string]>> = {
    "nothing": ["", ""],
    "a comment": ["# x\n", "# x\n"],
    "another key, no line end": ["a: 1", "a: 1"],
    "no value": ["servers:\na: 1\n", "servers:\n- name: other\n"],
    "a flow collection": ["servers: {}\na: 1\n", "servers: []\na: 1\n"],
    "a flow collection with more": ["servers: { x: 1}\n", "servers: [ {name: x}]\n"],
    "a list on the level of its key": [
      "a: |\n  text\n  more\n",
      "servers:\n- name: x # c\n  y: 1\nb: 1\n",
    ],
  };
  for (const [name, [map, list]] of Object.entries(texts)) {
    await t.step(name, async () => {
      assertKeeps(await put("yaml", map), map);
      assertKeeps(await put("yaml", list, inList), list);
    });
  }
});

Deno.test("putAll() replaces a value of YAML and keeps what is around it", async () => {
  const text = `servers:
  # before
  mine: # on it
    command: old # gone
    env: {A: 0}
  # after

  other: 1
`;
  assertEquals(
    await put("yaml", text, { keys: ["servers", "mine"], value: { command: "new" } }),
    `servers:
  # before
  mine: # on it
    command: new
  # after

  other: 1
`,
  );
  const list = "servers:\n  - name: mine\n    x: 1\n  # after\n  - name: z\n";
  assertEquals(
    await put("yaml", list, { keys: ["servers"], by: "name", value: { name: "mine", x: 2 } }),
    "servers:\n  - name: mine\n    x: 2\n  # after\n  - name: z\n",
  );
});

Deno.test("putAll() keeps CRLF and a byte order mark, in every language", async () => {
  const texts = {
    json: '{\r\n  "a": 1\r\n}\r\n',
    jsonc: '{\r\n  "a": 1 // x\r\n}\r\n',
    toml: 'a = 1\r\n[b]\r\nc = "d"\r\n',
    yaml: "a: 1\r\nservers:\r\n  b: 2\r\n",
  } as const;
  for (const language of ["json", "jsonc", "toml", "yaml"] as const) {
    const edited = await put(language, `\u{FEFF}${texts[language]}`);
    assert(edited.startsWith("\u{FEFF}"), language);
    assert(!/[^\r]\n/.test(edited), `${language}: ${JSON.stringify(edited)}`);
    assertKeeps(edited, `\u{FEFF}${texts[language]}`);
  }
});

Deno.test("putAll() refuses what it cannot parse, or cannot change alone, and says so", async (t) => {
  const refused: readonly (readonly [Language, string])[] = [
    ["json", '{"a": 1'],
    ["json", '{"a": 1} // no comments here'],
    ["jsonc", '{"a": 1,, }'],
    ["jsonc", '{"servers": {}, "servers": {}}'],
    ["jsonc", '{"servers": [1]}'],
    ["jsonc", "[]"],
    ["jsonc", '"text"'],
    ["toml", "a = "],
    ["toml", "servers = { other = 1 }\n"],
    ["toml", "servers = 1\n"],
    ["yaml", "a: [1\n"],
    ["yaml", "a: 1\n---\nb: 2\n"],
    ["yaml", "servers: text\n"],
    ["yaml", "- 1\n"],
    ["yaml", "a: *none\n"],
  ];
  for (const [language, text] of refused) {
    await t.step(`${language} ${text}`, async () => {
      const error = await assertRejects(
        () => putAll(text, language, [inMap], "the file"),
        UsageError,
      );
      assert(error.message.startsWith("the file"), error.message);
    });
  }
});

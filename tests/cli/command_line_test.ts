import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type CommandLine,
  readCommandLine,
  settingFlags,
  settingsIn,
} from "../../cli/command_line.ts";
import { chooseCommand, commands } from "../../cli/command_table.ts";
import { helpOf } from "../../cli/help.ts";
import { UsageError } from "../../cli/usage_error.ts";

function read(args: readonly string[]): CommandLine {
  return readCommandLine(args, settingFlags, false);
}

Deno.test("readCommandLine() turns each flag into its variable", () => {
  const run = (variables: Readonly<Record<string, string>>) => ({
    kind: "run",
    given: { variables, options: {}, words: [] },
  });
  assertEquals<unknown>(read([]), run({}));
  const args = ["--debug", "--env-file", "a.env", "--read-only", "--toolsets=containers"];
  assertEquals<unknown>(
    read([...args, "--tools", "get_container,list_containers"]),
    run({
      CONTAINARIUM_MCP_READ_ONLY: "true",
      CONTAINARIUM_MCP_TOOLSETS: "containers",
      CONTAINARIUM_MCP_TOOLS: "get_container,list_containers",
      CONTAINARIUM_MCP_ENV_FILE: "a.env",
      CONTAINARIUM_DEBUG: "true",
    }),
  );
  assertEquals<unknown>(read(["--help"]), { kind: "help" });
  assertEquals<unknown>(read(["--version"]), { kind: "version" });
});

Deno.test("settingsIn() finds the settings of any command's line, and ignores the rest", () => {
  assertEquals(
    settingsIn(["doctor", "--json", "--server", "box", "--limit=3", "--config=x.json", "--debug"]),
    { CONTAINARIUM_SERVER: "box", CONTAINARIUM_CONFIG: "x.json", CONTAINARIUM_DEBUG: "true" },
  );
  assertEquals(settingsIn([]), {});
});

Deno.test("readCommandLine() keeps a command's own flags and words apart from settings", () => {
  const flags = { ...settingFlags, json: { help: "" }, limit: { value: "N", help: "" } };
  const line = readCommandLine(["a", "7", "--json", "--limit", "3", "--debug"], flags, true);
  assertEquals<unknown>(line, {
    kind: "run",
    given: {
      variables: { CONTAINARIUM_DEBUG: "true" },
      options: { json: "true", limit: "3" },
      words: ["a", "7"],
    },
  });
});

Deno.test("chooseCommand() serves by default, and refuses an unknown command", async (t) => {
  await t.step("without a name", async () => {
    const { name, rest } = await chooseCommand(["--debug"]);
    assertEquals([name, ...rest], ["serve", "--debug"]);
  });
  await t.step("by its name", async () => {
    const { name, rest } = await chooseCommand(["serve", "--debug"]);
    assertEquals([name, ...rest], ["serve", "--debug"]);
  });
  await t.step("a slip", async () => {
    await assertRejects(
      () => chooseCommand(["serv"]),
      UsageError,
      "Unknown command serv; did you mean serve?",
    );
  });
  await t.step("a flag without its dashes", async () => {
    for (const name of ["help", "version"]) {
      const words = `Unknown command ${name}; did you mean --${name}?`;
      await assertRejects(() => chooseCommand([name]), UsageError, words);
    }
  });
  await t.step("a name that every object has", async () => {
    await assertRejects(() => chooseCommand(["toString"]), UsageError, "Unknown command toString");
  });
});

Deno.test("readCommandLine() refuses what it does not know, and says what was meant", async (t) => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    "a slip": ["--debgu", "Unknown argument --debgu; did you mean --debug?"],
    "a slip with a value": ["--toolset=a", "Unknown argument --toolset; did you mean --toolsets?"],
    "a word": ["alice", "Unknown argument alice; known: --server, --read-only, --toolsets"],
    "a letter": ["-x", "Unknown argument -x; known:"],
    "a flag of Deno": ["--allow-all", "Unknown argument --allow-all; known:"],
    "no file": ["--env-file", "--env-file takes a value: --env-file FILE"],
    "no toolset": ["--toolsets=", "--toolsets takes a value: --toolsets a,b"],
    "a value too many": ["--read-only=false", "--read-only takes no value"],
    "a value after a blank": ["--debug false", "--debug takes no value"],
    "what stands after --": ["-- serve", "Unknown argument serve"],
  };
  for (const [name, [arg, words]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const args = arg.split(" ");
      await assertRejects(() => Promise.try(() => read(args)), UsageError, words);
    });
  }
});

Deno.test("--help names each command, flag and variable that deno.json grants", async () => {
  const help = helpOf(await chooseCommand([]));
  for (const name of Object.keys(commands)) assertStringIncludes(help, `\n  ${name} `);
  for (const flag of ["--read-only", "--toolsets", "--tools", "--env-file", "--debug"]) {
    assertStringIncludes(help, `  ${flag} `);
  }
  const { default: metadata } = await import("../../deno.json", { with: { type: "json" } });
  for (const name of metadata.permissions.default.env) {
    if (name.startsWith("CONTAINARIUM_")) assertStringIncludes(help, name);
  }
});

Deno.test("--help of each command fits into 100 columns", async () => {
  for (const name of Object.keys(commands)) {
    for (const line of helpOf(await chooseCommand([name])).split("\n")) {
      assert(line.length <= 100, line);
    }
  }
});

Deno.test("--help has each list of flags and variables in columns", async () => {
  for (const name of Object.keys(commands)) {
    const text = helpOf(await chooseCommand([name]));
    for (const block of text.split(/\n\n|:\n/)) {
      const columns = block.split("\n").flatMap((line) => {
        const [, before] = /^( {2}\S.*? {2,}| {4,})\S/.exec(line) ?? [];
        return before === undefined ? [] : [before.length];
      });
      assertEquals(new Set(columns).size <= 1, true, block);
      const tight = block.split("\n").filter((line) => /^ {2}[A-Z_]+ [A-Z]/.test(line));
      assertEquals(tight, []);
    }
  }
});

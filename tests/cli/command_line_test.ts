import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { help, readCommandLine } from "../../cli/command_line.ts";
import { UsageError } from "../../cli/usage_error.ts";

Deno.test("readArguments() turns each flag into its variable", () => {
  const serve = (variables: Readonly<Record<string, string>>) => ({ kind: "serve", variables });
  assertEquals<unknown>(readCommandLine([]), serve({}));
  const args = ["--debug", "--env-file", "a.env", "--read-only", "--toolsets=containers"];
  assertEquals<unknown>(
    readCommandLine([...args, "--tools", "get_container,list_containers"]),
    serve({
      CONTAINARIUM_MCP_READ_ONLY: "true",
      CONTAINARIUM_MCP_TOOLSETS: "containers",
      CONTAINARIUM_MCP_TOOLS: "get_container,list_containers",
      CONTAINARIUM_MCP_ENV_FILE: "a.env",
      CONTAINARIUM_DEBUG: "true",
    }),
  );
  assertEquals<unknown>(readCommandLine(["--help"]), { kind: "help" });
  assertEquals<unknown>(readCommandLine(["--version"]), { kind: "version" });
});

Deno.test("readArguments() refuses what it does not know, and says what was meant", async (t) => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    "a slip": ["--debgu", "Unknown argument --debgu; did you mean --debug?"],
    "a slip with a value": ["--toolset=a", "Unknown argument --toolset; did you mean --toolsets?"],
    "a command": ["serve", "Unknown argument serve; known: --server, --read-only, --toolsets"],
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
      await assertRejects(() => Promise.try(() => readCommandLine(args)), UsageError, words);
    });
  }
});

Deno.test("--help names each flag and each variable that deno.json grants", async () => {
  for (const flag of ["--read-only", "--toolsets", "--tools", "--env-file", "--debug"]) {
    assertStringIncludes(help, `  ${flag} `);
  }
  const { default: metadata } = await import("../../deno.json", { with: { type: "json" } });
  for (const name of metadata.permissions.default.env) {
    if (name.startsWith("CONTAINARIUM_")) assertStringIncludes(help, name);
  }
  for (const line of help.split("\n")) assert(line.length <= 100, line);
});

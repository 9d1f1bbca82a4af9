/** What the help of the commands names exists. */
import { assert, assertEquals } from "@std/assert";
import { commands } from "../../cli/command_table.ts";
import { helpOf } from "../../cli/help.ts";
import { registry } from "../../tools/toolsets.ts";
import { runCli } from "./run_cli.ts";

Deno.test("--help of every command names only tools and commands that exist", async () => {
  const tools = new Set(registry.map(({ name }) => name));
  const named = new Set<string>();
  for (const [name, entry] of Object.entries(commands)) {
    const text = helpOf({ name, command: await entry.load() });
    for (const [word] of text.matchAll(/\b[a-z]+(?:_[a-z]+)+\b/g)) {
      assert(tools.has(word), `${name} --help names ${word}, which is no tool`);
      named.add(word);
    }
    for (const [, word = ""] of text.matchAll(/\bmcp-server ([a-z]+)\b/g)) {
      assert(Object.hasOwn(commands, word), `${name} --help names ${word}, which is no command`);
    }
  }
  assertEquals(named.has("run_command"), true, "no tool was found in any help");
});

Deno.test("a flag before the command is refused, and the message says where it belongs", async () => {
  const { code, stderr } = await runCli(undefined, ["--server", "lab", "doctor"]);
  assertEquals([code, stderr.split(" error ")[1]], [
    2,
    "Unknown argument doctor; the command comes first: mcp-server doctor [FLAG…]\n",
  ]);
});

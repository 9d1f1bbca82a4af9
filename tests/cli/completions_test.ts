/** `mcp-server completions`: what is completed in the shells themselves. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { entries } from "../../tools/entries.ts";
import { findTool } from "../daemon/scratch_tools.ts";
import { needing } from "../needs.ts";
import { makeTempFolder } from "../temp.ts";
import { runCli } from "./run_cli.ts";

/** How each shell says what it completes: a line each. The words typed are `$1`, the script is `$2`. */
const shells: Readonly<Record<string, readonly string[]>> = {
  // `=` ends a word in bash, and the last word may be empty.
  bash: [
    "--norc",
    "-c",
    `source "$2"; compopt() { :; }; IFS=" " read -ra COMP_WORDS <<< "$1"
    [[ $1 == *" " ]] && COMP_WORDS+=(""); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _mcp_server; printf "%s\\n" "\${COMPREPLY[@]}"`,
    "bash",
  ],
  // The script in zsh, with what it completes by printed: the line editor needs a terminal.
  zsh: [
    "-f",
    "-c",
    `compdef() { :; }; _files() { :; }; compset() { :; }
    compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- "$@" }
    _describe() { print -l -- "\${(@P)2}" }
    source "$2"; words=("\${(@s: :)1}"); CURRENT=$#words
    if [[ $1 == *" " ]]; then words[CURRENT]=""; fi
    _mcp_server | grep "^\${\${words[CURRENT]}##*,}" | sed "s/:.*//"`,
    "zsh",
  ],
  fish: ["-N", "-c", 'source $argv[2]; complete -C "$argv[1]"'],
};

/** What is typed before Tab, and what it becomes. */
const cases: readonly (readonly [typed: string, completed: readonly string[]])[] = [
  ["mcp-server compl", ["completions"]],
  ["mcp-server call delete_snap", ["delete_snapshot"]],
  ["mcp-server tools delete_snap", ["delete_snapshot"]],
  ["mcp-server call delete_snapshot us", ["username="]],
  ["mcp-server call undelete_container ", ["username="]],
  ["mcp-server call --toolsets api delete_snapshot us", ["username="]],
  ["mcp-server --toolsets templ", ["templates"]],
  ["mcp-server tools --toolsets default,rou", ["routes", "default,routes"]],
  ["mcp-server audit --outc", ["--outcome"]],
  ["mcp-server completions fi", ["fish"]],
];

for (const [shell, args] of Object.entries(shells)) {
  Deno.test({
    ...needing(
      [shell],
      `completions ${shell} completes commands, flags, toolsets, tools, arguments`,
    ),
    fn: async (t) => {
      await using folder = await makeTempFolder();
      const { code, stdout } = await runCli(undefined, ["completions", shell]);
      assertEquals(code, 0);
      await folder.write("script", stdout);
      for (const [typed, completed] of cases) {
        await t.step(typed, async () => {
          const { stdout } = await new Deno.Command(findTool(shell) ?? shell, {
            args: [...args, typed, `${folder.path}/script`],
            env: { HOME: folder.path },
          }).output();
          const lines = new TextDecoder().decode(stdout).trim().split("\n");
          const found = lines.map((line) => line.split("\t", 1)[0]?.trim() ?? "");
          assertEquals(found.length, 1, found.join());
          assert(completed.includes(found[0] ?? ""), found.join());
        });
      }
    },
  });
}

Deno.test("completions knows every tool and its arguments", async () => {
  for (const shell of Object.keys(shells)) {
    const { stdout } = await runCli(undefined, ["completions", shell]);
    for (const { name, description } of entries) {
      const line = stdout.split("\n").find((line) => line.includes(name) && line.includes("="));
      const keys = Object.keys(description.inputSchema.properties);
      if (keys.length === 0) continue;
      assert(line !== undefined, name);
      const own = stdout.split("\n").filter((line) => new RegExp(`\\b${name}\\b`).test(line));
      for (const key of keys) {
        assert(own.some((line) => line.includes(`${key}=`)), `${name} ${key}`);
      }
    }
  }
});

Deno.test("completions refuses a shell that it does not know", async () => {
  for (const words of [[], ["bash", "zsh"]]) {
    const { code, stderr } = await runCli(undefined, ["completions", ...words]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "one shell: bash, zsh or fish");
  }
  const { code, stderr } = await runCli(undefined, ["completions", "fishh"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "did you mean fish?");
});

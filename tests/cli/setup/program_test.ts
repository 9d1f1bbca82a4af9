/** How the program that runs now is started again by a client. */
import { assertEquals } from "@std/assert";
import { version } from "../../../client/mod.ts";
import { launchOf, npmProgram, type Program } from "../../../cli/setup/program.ts";
import { commandLine, quoted } from "../../../cli/setup/client_system.ts";

const granted = { net: ["box:443"], read: ["/a", "/a"], write: [] };

Deno.test("npmProgram() knows the script that the npm package's launcher runs", () => {
  const installed = "/usr/lib/node_modules/@containarium/mcp-server/mcp-server.js";
  assertEquals(npmProgram(installed), {
    kind: "npm",
    launcher: "/usr/lib/node_modules/@containarium/mcp-server/launcher.js",
    isFetched: false,
  });
  const fetched = "/home/ann/.npm/_npx/1a2b/node_modules/@containarium/mcp-server/mcp-server.js";
  const program = npmProgram(fetched);
  assertEquals(program?.kind === "npm" && program.isFetched, true);
  const windows = "C:\\npm\\node_modules\\@containarium\\mcp-server\\mcp-server.js";
  assertEquals(npmProgram(windows)?.kind, "npm");
  assertEquals(npmProgram("/src/mcp-server/main.ts"), undefined);
});

Deno.test("launchOf() names the program in full, and grants no more than what is needed", () => {
  const launch = (program: Program, system: "linux" | "windows" = "linux") =>
    launchOf(program, granted, ["HOME"], ["--read-only"], system);
  assertEquals(launch({ kind: "binary", path: "/bin/srv" }), {
    command: "/bin/srv",
    args: ["--read-only"],
  });
  assertEquals(launch({ kind: "npm", launcher: "/x/launcher.js", isFetched: false }), {
    command: "node",
    args: ["/x/launcher.js", "--read-only"],
  });
  const fetched: Program = { kind: "npm", launcher: "/x/launcher.js", isFetched: true };
  assertEquals(launch(fetched).args, ["-y", `@containarium/mcp-server@${version}`, "--read-only"]);
  assertEquals(launch(fetched, "windows").command, "cmd");
  assertEquals(launch({ kind: "deno", deno: "/bin/deno", flags: [], script: "jsr:@x/y/cli" }), {
    command: "/bin/deno",
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-net=box:443",
      "--allow-env=HOME",
      "--allow-read=/a",
      "jsr:@x/y/cli",
      "--read-only",
    ],
  });
});

Deno.test("commandLine() quotes for sh and for PowerShell", () => {
  assertEquals(quoted("it's", "linux"), "'it'\\''s'");
  assertEquals(quoted("it's", "windows"), "'it''s'");
  assertEquals(quoted("C:\\O\u2019Brien; calc", "windows"), "'C:\\O\u2019\u2019Brien; calc'");
  assertEquals(quoted("a,b", "windows"), "'a,b'");
  assertEquals(commandLine([["a", "b c"], ["$d"]], "linux"), "a 'b c' \\\n  '$d'");
  assertEquals(commandLine([["C:\\x y.exe", "b"]], "windows"), "& 'C:\\x y.exe' b");
});

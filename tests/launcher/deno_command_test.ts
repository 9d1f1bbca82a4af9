import { assertEquals, assertThrows } from "@std/assert";
import { splitArgs } from "../../cli/added_grants.ts";
import { denoArgs, v8Flags } from "../../launcher/deno_command.ts";

const nothing = { net: [], read: [], write: [] };

Deno.test("splitArgs() takes permissions that the user adds out of a command line", () => {
  assertEquals(
    splitArgs(["--allow-read=/a,/b", "doctor", "--json", "--allow-net=box:22", "--allow-read=/c"]),
    { added: { net: ["box:22"], read: ["/a", "/b", "/c"], write: [] }, rest: ["doctor", "--json"] },
  );
});

Deno.test("splitArgs() leaves what would grant everything to the server, which refuses it", () => {
  const args = ["--allow-read", "--allow-write=", "--allow-all", "-A", "--allow-run=sh"];
  assertEquals(splitArgs(args), { added: nothing, rest: args });
});

Deno.test("denoArgs() grants what is needed and what is added, each once", () => {
  const needed = { net: ["box:443"], read: ["/token"], write: [] };
  const added = { net: ["box:443", "proxy:3128"], read: ["/files"], write: ["/files"] };
  assertEquals(denoArgs("/x/mcp-server.js", ["HOME", "PATH"], [needed, added], ["--debug"]), [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-remote",
    "--no-npm",
    "--cached-only",
    v8Flags,
    "--allow-env=HOME,PATH",
    "--allow-net=box:443,proxy:3128",
    "--allow-read=/token,/files",
    "--allow-write=/files",
    "/x/mcp-server.js",
    "--debug",
  ]);
});

Deno.test("denoArgs() grants nothing where nothing is needed: no flag means no permission", () => {
  const flags = denoArgs("/x/mcp-server.js", [], [nothing], []).filter((arg) =>
    /^--allow-(net|read|write|run|sys|ffi)/.test(arg)
  );
  assertEquals(flags, []);
});

Deno.test("denoArgs() refuses a path with a comma, which Deno would take for two", () => {
  const grants = { ...nothing, read: ["/home/me/a,/etc"] };
  assertThrows(() => denoArgs("/x/mcp-server.js", [], [grants], []), RangeError, "a comma");
});

Deno.test("v8Flags are those of the Makefile's binary", async () => {
  const makefile = await Deno.readTextFile(new URL("../../Makefile", import.meta.url));
  assertEquals(/^V8_FLAGS = (.+)$/m.exec(makefile)?.[1], v8Flags);
});

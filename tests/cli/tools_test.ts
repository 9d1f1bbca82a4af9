/** `mcp-server tools`: which tools there are, what they need, and which are off and why. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { entries } from "../../tools/entries.ts";
import { startDaemon } from "../daemon/mod.ts";
import { listedNames } from "../listed_names.ts";
import { makeTempFolder } from "../temp.ts";
import { assertMatch, runCli } from "./run_cli.ts";

Deno.test("tools lists every tool that is on with effect, scopes and role, and asks nobody", async () => {
  await using daemon = await startDaemon();
  const flags = ["--toolsets", "all", "--delete-grace", "24h"];
  const { code, stdout, stderr } = await runCli(daemon, ["tools", ...flags]);
  assertEquals([code, stderr, daemon.requests.length], [0, "", 0]);
  for (const { name, toolset, effect } of entries) {
    assertMatch(stdout, new RegExp(`^${name} +${toolset} +${effect}\\b`, "m"));
  }
  assertMatch(stdout, /^get_audit_log .* admin or audit:read$/m);
  assertStringIncludes(stdout, `${entries.length} of ${entries.length} tools are on`);
});

Deno.test("tools says why a tool is off: toolset, --read-only, role and scope", async (t) => {
  await using daemon = await startDaemon();
  const cases: Readonly<Record<string, readonly [readonly string[], object, string]>> = {
    "a toolset that is not chosen": [[], {}, "--toolsets default,backups"],
    "--read-only": [["--read-only"], {}, "--read-only, so nothing can be changed"],
    "a role": [[], { username: "alice" }, "only to a token with the admin role"],
    "a scope": [[], { scopes: ["secrets:read"] }, "the token lacks the scope containers:read"],
  };
  for (const [name, [args, token, words]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const target = { url: daemon.url, token: await daemon.token(token) };
      const { stdout } = await runCli(target, ["tools", ...args]);
      assertStringIncludes(stdout, words);
      const json = JSON.parse((await runCli(target, ["tools", "--json", ...args])).stdout);
      assertEquals(json.map((row: { name: string }) => row.name), entries.map(({ name }) => name));
      const reasons = json.map(({ off = "" }: { off?: string }) => off);
      assert(reasons.some((reason: string) => reason.includes(words)), name);
    });
  }
});

Deno.test("tools works without an address and a token, and says what it leaves out", async () => {
  const { code, stdout, stderr } = await runCli(undefined, ["tools", "--tools", "get_logs"]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, `1 of ${entries.length} tools are on`);
  assertStringIncludes(stderr, "no token is known");
});

Deno.test("tools NAME shows a tool and its arguments, and suggests the nearest", async () => {
  const { stdout } = await runCli(undefined, ["tools", "delete_container"]);
  assertMatch(stdout, /^delete_container: /);
  assertStringIncludes(stdout, "effect: destroy");
  assertMatch(stdout, /^username +required +/m);
  const wrong = await runCli(undefined, ["tools", "delete_contaner"]);
  assertEquals(wrong.code, 2);
  assertEquals(
    wrong.stderr,
    "mcp-server: There is no tool delete_contaner; did you mean delete_container?\n",
  );
});

Deno.test("tools and doctor count the tools that a client is shown", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using folder = await makeTempFolder();
  const policy = await folder.write("policy.json", `{"delete_grace": "24h"}`);
  const cases: Readonly<Record<string, readonly string[]>> = {
    "no grace": [],
    "--delete-grace": ["--delete-grace", "24h"],
    "a policy file": ["--config", policy],
  };
  for (const [name, flags] of Object.entries(cases)) {
    await t.step(name, async () => {
      const names = flags.length === 0 ? listedNames : [...listedNames, "undelete_container"];
      const standard = names.filter((name) =>
        entries.some((entry) => entry.name === name && !entry.isOptIn)
      );
      const { stdout } = await runCli(daemon, ["tools", ...flags]);
      assertStringIncludes(stdout, `${standard.length} of ${entries.length} tools are on`);
      assertEquals(
        stdout.includes("Off: undelete_container\n  it is listed only where deletes can be undone"),
        flags.length === 0,
      );
      const examined = await runCli(daemon, ["doctor", ...flags]);
      assertStringIncludes(examined.stdout, `all scopes: ${standard.length} tools\n`);
      const one = await runCli(daemon, ["tools", "delete_container", ...flags]);
      assertEquals(one.stdout.includes("permanently "), flags.length > 0);
    });
  }
});

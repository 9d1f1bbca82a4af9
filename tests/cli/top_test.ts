/** `mcp-server top`: what containers use, on a terminal and without one. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startDaemon } from "../daemon/mod.ts";
import { testWithPty } from "../with_pty.ts";
import { assertMatch, runCli } from "./run_cli.ts";
import { UserTerminal } from "./user_terminal.ts";

const containers = [{ username: "alice" }, { username: "bob" }];

Deno.test("top prints a table once where there is no terminal", async () => {
  await using daemon = await startDaemon({ containers });
  const { code, stdout } = await runCli(daemon, ["top", "--interval", "1"]);
  assertEquals(code, 0);
  assertMatch(stdout, /^username +cpu +memory +disk +network\/s\n/);
  assertMatch(stdout, /^alice +\d+%.*B.*B/m);
  // deno-lint-ignore no-control-regex
  assert(!/\x1b/.test(stdout));
});

Deno.test("top refuses an interval that is none", async () => {
  const { code, stderr } = await runCli(undefined, ["top", "--interval", "0"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "from 1 to 60");
});

testWithPty("top counts a single container as one", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using user = await UserTerminal.start(daemon, ["top"]);
  await user.waitFor("1 container, by cpu");
  await user.type("q");
  await user.waitFor("exit code 0");
});

testWithPty("top refreshes in place, sorts by a key, and gives the terminal back", async (t) => {
  await using daemon = await startDaemon({ containers });
  for (const [name, key] of Object.entries({ "q": "q", "Ctrl-C": "\x03" })) {
    await t.step(name, async () => {
      await using user = await UserTerminal.start(daemon, ["top", "--interval", "1"]);
      await user.waitFor(/2 containers, by cpu[^]*q quits/);
      await user.type("m");
      await user.waitFor(/by memory\n\nusername .*\n(?:alice|bob) /);
      await user.type("u");
      await user.waitFor(/by username\n\nusername .*\nalice .*\nbob /);
      await user.type(key);
      const end = await user.waitFor("exit code 0");
      assert(!end.includes("containers, by"), "the other screen is still there");
      assert(user.raw.includes("\x1b[?25h") && user.raw.includes("\x1b[?1049l"));
      await user.waitFor(/(?<!-)icanon/);
    });
  }
  await t.step("a daemon that fails", async () => {
    await using user = await UserTerminal.start(daemon, ["top", "--interval", "1"]);
    await user.waitFor("by cpu");
    const path = /metrics/;
    daemon.inject({
      kind: "answer",
      status: 500,
      body: '{"error":"no\\u001b[2J"}',
      times: 9,
      path,
    });
    await user.waitFor("no");
    await user.waitFor("2 containers, by cpu");
    await user.type("q");
    await user.waitFor("exit code 0");
  });
});

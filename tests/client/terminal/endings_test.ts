/** How commands end that do not end by themselves, and that nothing is left then. */
import { programOf, testWithPty } from "../../with_pty.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import type { ContainerTerminal } from "../../../client/terminal/terminal.ts";
import { clientOf } from "../connect.ts";
import { loginShells, nothingLeft, startShells, TestTerminals, textOf } from "./shell_daemon.ts";

async function failure(call: Promise<unknown>): Promise<ContainariumError> {
  return await assertRejects(() => call, ContainariumError);
}

/** Starts a command, and gives it back when it has said "started". */
async function started(
  terminal: ContainerTerminal,
  command: string,
  signal?: AbortSignal,
): Promise<{ readonly ended: Promise<unknown> }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ended = terminal.run(`echo started; ${command}`, { signal, onOutput: () => resolve() });
  await Promise.race([promise, ended]);
  return { ended };
}

/** Ways to hang on to life. */
const stubborn: Readonly<Record<string, string>> = {
  "a command": "sleep 300",
  "its children": "sleep 301 & (sleep 302; :) & wait",
  "one that ignores TERM": "trap '' TERM; while :; do sleep 1; done",
  "one in a session of its own": "setsid sh -c 'sleep 303; :' & sleep 304",
  "one that left its parent": "(setsid sleep 305 >/dev/null 2>&1 &) ; sleep 306",
  "one of root's": "sudo sh -c 'trap \"\" TERM; while :; do sleep 1; done'",
  "one that writes for ever": "yes",
};

for (const login of loginShells) {
  testWithPty(
    `time over or cancelled, everything has ended, logged in with ${login}`,
    async (t) => {
      await using daemon = await startShells({ login });
      await using terminals = await TestTerminals.of(daemon);
      const terminal = terminals.of("alice");
      for (const [name, command] of Object.entries(stubborn)) {
        await t.step(`${name}, time over`, async () => {
          const result = await terminal.run(`echo begun; ${command}`, { timeoutMs: 300 });
          assertEquals(result.timedOut, true);
          assert([137, 143].includes(result.exitCode), `exit code ${result.exitCode}`);
          assert(["SIGKILL", "SIGTERM"].includes(result.signal ?? ""));
          assertStringIncludes(textOf(result.stdout.subarray(0, 20)), "begun\n");
        });
        await t.step(`${name}, cancelled`, async () => {
          const controller = new AbortController();
          const { ended } = await started(terminal, command, controller.signal);
          controller.abort();
          assertEquals((await failure(ended.then(() => {}))).code, "cancelled");
        });
      }
      await t.step("the same session serves on", async () => {
        assertEquals(textOf((await terminal.run("echo on")).stdout), "on\n");
        assertEquals(daemon.terminals("alice"), 1);
      });
      await t.step("nothing is left", async () => {
        await terminals.close();
        await nothingLeft(daemon);
      });
    },
    [programOf(login)],
  );
}

testWithPty("a command that ends in time is not ended", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const result = await terminals.of("alice").run("sleep 0.1; exit 4", { timeoutMs: 20_000 });
  assertEquals([result.exitCode, result.timedOut, result.signal], [4, false, undefined]);
});

testWithPty("what is cancelled before it begins is never sent", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const run = terminals.of("alice").run("true", { signal: AbortSignal.abort() });
  assertEquals((await failure(run)).code, "cancelled");
  assertEquals(daemon.requests.length, 0);
});

testWithPty("cancelled while the terminal is being opened", async () => {
  await using daemon = await startShells({ profile: "sleep 300\n" });
  await using terminals = await TestTerminals.of(daemon);
  const controller = new AbortController();
  const run = terminals.of("alice").run("true", { signal: controller.signal });
  run.catch(() => {});
  while (daemon.terminals("alice") === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  controller.abort();
  assertEquals((await failure(run)).code, "cancelled");
  await nothingLeft(daemon);
});

testWithPty(
  "a connection that is lost in mid-command is ambiguous, and nothing is run twice",
  async () => {
    await using daemon = await startShells({ silenceSeconds: 3 });
    await using terminals = await TestTerminals.of(daemon);
    const terminal = terminals.of("alice");
    const { ended } = await started(terminal, `echo x >>"$HOME/runs"; exec sleep 300`);
    daemon.dropTerminals("alice");
    const error = await failure(ended.then(() => {}));
    assertEquals(error.code, "ambiguous");
    assertStringIncludes(error.message, "it is not run again");
    assertEquals(textOf((await terminal.run("echo again")).stdout), "again\n");
    assertEquals(await Deno.readTextFile(`${daemon.home("alice")}/runs`), "x\n");
    await terminals.close();
    // The agent notices after some silence that nobody is there.
    await nothingLeft(daemon);
  },
);

testWithPty("a container that stops in mid-command is said to have stopped", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  using client = await clientOf(daemon);
  const { ended } = await started(terminals.of("alice"), "sleep 300");
  ended.catch(() => {});
  await client.containers.stop("alice", { force: true });
  const error = await failure(ended.then(() => {}));
  assertEquals(error.code, "ambiguous");
  assertEquals((await failure(terminals.of("alice").run("true"))).code, "failed_precondition");
});

testWithPty("a kept session that was lost meanwhile is replaced without a word", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const terminal = terminals.of("alice");
  await terminal.run("true");
  daemon.dropTerminals("alice");
  while (daemon.terminals("alice") > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(textOf((await terminal.run("echo new")).stdout), "new\n");
});

testWithPty("one session is kept, four serve at most, and the others wait", async (t) => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const terminal = terminals.of("alice");
  await t.step("one after the other", async () => {
    for (let count = 0; count < 5; count++) await terminal.run("true");
    assertEquals(daemon.count("GET", "/v1/containers/alice/terminal"), 1);
    assertEquals(daemon.count("GET", "/v1/containers/alice"), 1);
  });
  await t.step("eight at once", async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) => terminal.run(`sleep 0.2; echo ${index}`)),
    );
    assertEquals(
      results.map(({ stdout }) => textOf(stdout)),
      Array.from({ length: 8 }, (_, index) => `${index}\n`),
    );
    assertEquals(daemon.count("GET", "/v1/containers/alice/terminal"), 4);
  });
  await t.step("whoever waits may give up", async () => {
    const busy = await Promise.all(
      Array.from(
        { length: 4 },
        () => started(terminal, `until [ -e "$HOME/go" ]; do sleep 0.02; done`),
      ),
    );
    const controller = new AbortController();
    const waiting = terminal.run("touch $HOME/never", { signal: controller.signal });
    controller.abort();
    assertEquals((await failure(waiting)).code, "cancelled");
    await Deno.writeTextFile(`${daemon.home("alice")}/go`, "");
    await Promise.all(busy.map(({ ended }) => ended));
    const { exitCode } = await terminal.run('[ -e "$HOME/never" ]');
    assertEquals(exitCode, 1);
  });
  await t.step("nothing is left", async () => {
    await terminals.close();
    await nothingLeft(daemon);
  });
});

testWithPty("a session that nobody uses is closed", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon, { idleMs: 100 });
  await terminals.of("alice").run("true");
  await nothingLeft(daemon);
  // The daemon hears of the end of the processes, and then closes the connection.
  while (daemon.terminals("alice") > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(textOf((await terminals.of("alice").run("echo new")).stdout), "new\n");
});

testWithPty("close() ends what runs, and says that it was cancelled", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const running = await Promise.all(
    [1, 2, 3].map(() => started(terminals.of("alice"), "sleep 300")),
  );
  const errors = running.map(({ ended }) => failure(ended.then(() => {})));
  await terminals.close();
  assertEquals((await Promise.all(errors)).map(({ code }) => code), Array(3).fill("cancelled"));
  await nothingLeft(daemon);
});

testWithPty("let go without a word, the agent ends everything all the same", async () => {
  await using daemon = await startShells();
  const terminals = await TestTerminals.of(daemon);
  const { ended } = await started(terminals.of("alice"), "sleep 300");
  const error = failure(ended.then(() => {}));
  terminals[Symbol.dispose]();
  assertEquals((await error).code, "cancelled");
  await nothingLeft(daemon, 40);
  await terminals[Symbol.asyncDispose]();
});

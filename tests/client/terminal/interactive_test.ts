/** Interactive shells through a real terminal. */
import { eachAtOnce } from "../../at_once.ts";
import { programOf, testWithPty } from "../../with_pty.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError, type Shell } from "../../../client/mod.ts";
import type { ContainerTerminal } from "../../../client/terminal/terminal.ts";
import { clientOf } from "../connect.ts";
import { loginShells, nothingLeft, startShells, TestTerminals } from "./shell_daemon.ts";

/** A shell and what it showed. */
class Seen {
  text = "";
  #waiting: (() => void)[] = [];

  take = (text: string): void => {
    this.text += text;
    for (const wake of this.#waiting.splice(0)) wake();
  };

  /** Resolves when it has shown that; fails with what it has shown instead. */
  async until(part: string | RegExp): Promise<void> {
    const { promise: over, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`Shown so far: ${this.text}`)), 20_000);
    try {
      while (typeof part === "string" ? !this.text.includes(part) : !part.test(this.text)) {
        await Promise.race([over, new Promise<void>((resolve) => this.#waiting.push(resolve))]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

async function open(
  terminal: ContainerTerminal,
): Promise<{ readonly shell: Shell; readonly seen: Seen }> {
  const seen = new Seen();
  const shell = await terminal.open({ cols: 100, rows: 30, onOutput: seen.take });
  return { shell, seen };
}

for (const login of loginShells) {
  testWithPty(
    `a shell of the wanted size is typed into and closed, logged in with ${login}`,
    async () => {
      await using daemon = await startShells({ login });
      await using terminals = await TestTerminals.of(daemon);
      const { shell, seen } = await open(terminals.of("alice"));
      shell.send(
        'stty size; echo "$TERM-$LANG"; stty -a | tr " " "\\n" | grep iutf8; echo e\'\'nd\r',
      );
      // The prompt that follows.
      await seen.until(/\nend\r\n[^]*[$#] /);
      assertStringIncludes(seen.text, "30 100\r\n");
      assertStringIncludes(seen.text, "xterm-256color-C.UTF-8\r\n");
      assertStringIncludes(seen.text, "\niutf8\r\n");
      assert(!seen.text.includes("export TERM"), seen.text);
      shell.send("sh -c \"echo '€漢字'; exec cat\"\r");
      await seen.until("\n€漢字\r\n");
      shell.send("\x03");
      await seen.until(/\^C[^€]*[$#] /);
      shell.send("echo $((40+2))\r");
      await seen.until("42\r\n");
      await shell.close();
      assertEquals(await shell.ended, "It was closed");
      await shell.close();
      shell.send("nobody reads this");
      await nothingLeft(daemon);
    },
    [programOf(login)],
  );
}

testWithPty("a shell whose login takes long reads what is typed, once", async (t) => {
  await eachAtOnce(
    t,
    Object.fromEntries(loginShells.map((name) => [name, name])),
    async (login) => {
      // Longer than until the opening line is typed again.
      await using daemon = await startShells({ login, profile: "sleep 2; echo ready\n" });
      await using terminals = await TestTerminals.of(daemon);
      const { shell, seen } = await open(terminals.of("alice"));
      shell.send("stty -a | tr ' ;' '\\n\\n' | grep -w -e icanon -e echo; echo e''nd\r");
      await seen.until(/\nend\r\n/);
      assertStringIncludes(seen.text, "\nicanon\r\necho\r\nend\r\n");
      assert(!/rdy|kept|ok [0-9a-f]/.test(seen.text), seen.text);
      await shell.close();
      await nothingLeft(daemon);
    },
  );
}, loginShells.map(programOf));

testWithPty("a shell that leaves says so, and takes its guard along", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const { shell } = await open(terminals.of("alice"));
  assertEquals(daemon.terminals("alice"), 2);
  shell.send("exit\r");
  assertStringIncludes(await shell.ended, "The shell has ended");
  await nothingLeft(daemon);
});

testWithPty("whatever runs in a shell ends with it", async (t) => {
  const programs: Readonly<Record<string, string>> = {
    "one in the foreground": "echo be''gun; sleep 300",
    "one that ignores what it can":
      "echo be''gun; sh -c 'trap \"\" HUP INT TERM; while :; do sleep 1; done'",
    "one that took the terminal for itself": "echo be''gun; stty raw -echo -isig; cat",
    "one in the background": "sleep 300 & echo be''gun",
  };
  await eachAtOnce(t, programs, async (program) => {
    await using daemon = await startShells();
    await using terminals = await TestTerminals.of(daemon);
    const { shell, seen } = await open(terminals.of("alice"));
    shell.send(`${program}\r`);
    await seen.until("begun\r\n");
    await shell.close();
    await nothingLeft(daemon);
  });
});

testWithPty("several shells share one guard, and commands run beside them", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const terminal = terminals.of("alice");
  const all = await Promise.all(Array.from({ length: 5 }, () => open(terminal)));
  await terminal.run("true");
  assertEquals(daemon.terminals("alice"), 7);
  await all[0]?.shell.close();
  all[1]?.shell.send("echo $((1+1))\r");
  await all[1]?.seen.until("2\r\n");
  await Promise.all(all.map(({ shell }) => shell.close()));
  await terminals.close();
  await nothingLeft(daemon);
});

testWithPty("a shell whose connection is lost is ended by its guard", async () => {
  await using daemon = await startShells({ silenceSeconds: 3 });
  await using terminals = await TestTerminals.of(daemon);
  const { shell } = await open(terminals.of("alice"));
  daemon.dropTerminals("alice");
  assertStringIncludes(await shell.ended, "the connection to it was lost");
  await nothingLeft(daemon);
});

testWithPty("close() of the client ends shells that are open", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const { shell, seen } = await open(terminals.of("alice"));
  shell.send("echo be''gun; sleep 300\r");
  await seen.until("begun");
  await terminals.close();
  assertEquals(await shell.ended, "It was closed");
  await nothingLeft(daemon);
});

testWithPty("a container that stops ends its shells, and that is said", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  using client = await clientOf(daemon);
  const { shell } = await open(terminals.of("alice"));
  await client.containers.stop("alice", { force: true });
  assertEquals(await shell.ended, "alice-container is stopped now");
});

testWithPty("a shell that never comes leaves nothing, its guard neither", async () => {
  // The first login is the guard's; the others wait for ever.
  const profile = 'if [ -e "$HOME/first" ]; then exec sleep 300; fi; : >"$HOME/first"\n';
  await using daemon = await startShells({ profile });
  await using terminals = await TestTerminals.of(daemon, { readyMs: 1_000 });
  const onOutput = () => {};
  const error = await assertRejects(
    () => terminals.of("alice").open({ cols: 80, rows: 24, onOutput }),
    ContainariumError,
  );
  assertEquals(error.code, "failed_precondition");
  await nothingLeft(daemon);
});

testWithPty("opening may be cancelled", async () => {
  await using daemon = await startShells({ profile: "sleep 300\n" });
  await using terminals = await TestTerminals.of(daemon);
  const controller = new AbortController();
  const { signal } = controller;
  const opening = terminals.of("alice").open({ cols: 80, rows: 24, onOutput: () => {}, signal });
  opening.catch(() => {});
  while (daemon.terminals("alice") === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  controller.abort();
  const error = await assertRejects(() => opening, ContainariumError);
  assertEquals(error.code, "cancelled");
  await terminals.close();
  await nothingLeft(daemon);
});

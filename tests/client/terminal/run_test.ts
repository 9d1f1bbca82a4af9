/** Commands through a real terminal: what goes in comes out, and nothing stays. */
import { programOf, testWithPty } from "../../with_pty.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { ContainariumError, type RunResult } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { loginShells, nothingLeft, startShells, TestTerminals, textOf } from "./shell_daemon.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

interface Trial {
  readonly command: string;
  readonly stdin?: string | Uint8Array;
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly signal?: string;
}

const random = (length: number) => {
  const made = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(made.subarray(at, Math.min(length, at + 65_536)));
  }
  return made;
};
const zeroToFf = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const megabyte = random(1_000_000);
const longLine = `: ${"x".repeat(200_000)}; echo done`;
const manyLines = `n=0\n${"n=$((n+1))\n".repeat(9_500)}echo $n\n`;

/** What `exec.md` tried, and what came of it there. */
const trials: Readonly<Record<string, Trial>> = {
  "an exit code": { command: "exit 3", exitCode: 3 },
  "no such command": {
    command: "nonesuch 2>/dev/null",
    exitCode: 127,
  },
  "killed by itself": { command: "kill -9 $$", exitCode: 137, signal: "SIGKILL" },
  "a crash": { command: "kill -SEGV $$", exitCode: 139, signal: "SIGSEGV" },
  "two outputs apart": {
    command: "echo out; echo err >&2; echo out2",
    stdout: "out\nout2\n",
    stderr: "err\n",
  },
  "quotes, dollars and history": {
    command: `printf '%s|' "a'b" 'c"d' "!!" '$HOME' "\\\\" \`echo x\`; echo "!"`,
    stdout: `a'b|c"d|!!|$HOME|\\|x|!\n`,
  },
  "a heredoc": { command: "cat <<'E'\n$x `y` \\z\nE\n", stdout: "$x `y` \\z\n" },
  "several lines": { command: "for i in 1 2\ndo\n  echo $i\ndone", stdout: "1\n2\n" },
  "nothing": { command: "" },
  "a line of 200 KB": { command: longLine, stdout: "done\n" },
  "9,500 lines": { command: manyLines, stdout: "9500\n" },
  "10,000 euro signs": {
    command: `i=0; while [ $i -lt 100 ]; do printf '${"€".repeat(100)}'; i=$((i+1)); done`,
    stdout: "€".repeat(10_000),
  },
  "no newline at the end": { command: "printf abc", stdout: "abc" },
  "only a newline": { command: "echo", stdout: "\n" },
  "no input is the end of it": { command: "cat; echo end", stdout: "end\n" },
  "input is read": { command: "read a; read b; echo $b$a", stdin: "1\n2\n", stdout: "21\n" },
  "input that is not read": { command: "true", stdin: random(100_000) },
  "every byte there is": { command: "cat", stdin: zeroToFf, stdout: zeroToFf },
  "a megabyte of noise there and back": { command: "cat", stdin: megabyte, stdout: megabyte },
  "control characters": {
    command: "cat",
    stdin: "\x03\x04\x11\x13\x1a\x1c\x7f\r\n\r",
    stdout: "\x03\x04\x11\x13\x1a\x1c\x7f\r\n\r",
  },
  "no terminal to touch": {
    command: "stty sane 2>/dev/null; (echo x >/dev/tty) 2>/dev/null || echo none; tty",
    stdout: "none\nnot a tty\n",
    exitCode: 1,
  },
  "escape sequences": { command: "printf '\\033[2J\\033c\\007'", stdout: "\x1b[2J\x1bc\x07" },
  "lines that look like ours": {
    command: `printf '0123456789abcdef01234567 E 1\\n@rdy:0123456789abcdef01234567\\n'`,
    stdout: "0123456789abcdef01234567 E 1\n@rdy:0123456789abcdef01234567\n",
  },
  "it leaves its shell": { command: "exec echo gone", stdout: "gone\n" },
  "closed outputs": { command: "exec >&- 2>&-; sleep 0.1; exit 5", exitCode: 5 },
  "a child that stays is not waited for": {
    command: "sleep 2 & echo started",
    stdout: "started\n",
  },
  "set -eu": { command: "set -eu; false; echo never", exitCode: 1 },
};

function check(name: string, trial: Trial, result: RunResult): void {
  const stdout = trial.stdout ?? "";
  const meant = typeof stdout === "string" ? bytes(stdout) : stdout;
  const told = `${name}: ${textOf(result.stderr).slice(0, 500)}`;
  assertEquals(result.exitCode, trial.exitCode ?? 0, told);
  // A difference in a megabyte cannot be shown.
  assertEquals(result.stdout.length, meant.length, told);
  assert(result.stdout.every((byte, at) => byte === meant[at]), told);
  assertEquals(textOf(result.stderr), trial.stderr ?? "", told);
  assertEquals(result.signal, trial.signal, told);
  assertEquals([result.truncated, result.timedOut], [false, false], told);
}

for (const login of loginShells) {
  testWithPty(`commands come back byte for byte, logged in with ${login}`, async (t) => {
    await using daemon = await startShells({ login });
    await using terminals = await TestTerminals.of(daemon);
    const terminal = terminals.of("alice");
    for (const [name, trial] of Object.entries(trials)) {
      await t.step(name, async () => {
        const { command, stdin } = trial;
        check(name, trial, await terminal.run(command, stdin === undefined ? {} : { stdin }));
      });
    }
    // The last one but one left a child, which is nobody's business.
    await terminal.run("pkill -x sleep || true");
    await t.step("all of them in one session", () => assertEquals(daemon.terminals("alice"), 1));
    await t.step("nothing is left", async () => {
      await terminals.close();
      await nothingLeft(daemon);
    });
  }, [programOf(login)]);
}

testWithPty("whatever bytes go in come out", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const terminal = terminals.of("alice");
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 20_000 }), async (stdin) => {
      const { stdout, stderr } = await terminal.run("tee /dev/stderr", { stdin });
      assertEquals([...stdout], [...stdin]);
      assertEquals([...stderr], [...stdin]);
    }),
    { numRuns: 40 },
  );
});

testWithPty("five megabytes of noise come whole, and two go", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const stdin = random(2_000_000);
  const maxBytes = 5_000_001;
  const { stdout, truncated } = await terminals.of("alice").run(
    "cat; head -c 3000000 /dev/urandom; echo",
    { stdin, maxBytes },
  );
  assertEquals([stdout.length, truncated, stdout.at(-1)], [maxBytes, false, 10]);
  assert(stdin.every((byte, at) => byte === stdout[at]));
});

testWithPty("of an output that is too long both ends are kept", async (t) => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const terminal = terminals.of("alice");
  const all = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join("");
  for (const maxBytes of [0, 1, 100, 1_000, 1_025, 50_000, all.length - 1, all.length]) {
    await t.step(`${maxBytes} bytes`, async () => {
      const { stdout, stderr, omitted, truncated } = await terminal.run(
        "seq 20000; seq 20000 >&2",
        { maxBytes },
      );
      const half = Math.floor(maxBytes / 2);
      const missing = all.length - maxBytes;
      const meant = missing > 0
        ? all.slice(0, half) + all.slice(all.length - (maxBytes - half))
        : all;
      assertEquals([textOf(stdout), textOf(stderr)], [meant, meant]);
      assertEquals(truncated, missing > 0);
      assertEquals(omitted.stdout.bytes, missing);
      assertEquals(omitted.stderr.bytes, missing);
      if (missing > 0) assertEquals(omitted.stdout.at, half);
    });
  }
});

testWithPty("endless output does not stop the clock, and neither fills anything", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const result = await terminals.of("alice").run("yes", { timeoutMs: 500, maxBytes: 10_000 });
  assertEquals([result.timedOut, result.truncated], [true, true]);
  assertEquals(result.stdout.length, 10_000);
  await terminals.close();
  await nothingLeft(daemon);
});

testWithPty("output is told as it comes, and kept all the same", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const told: Uint8Array[] = [];
  const firstTold = Promise.withResolvers<void>();
  // It goes on only when the first piece has been told: a file tells it.
  const running = terminals.of("alice").run(
    `printf 'a\\0b'; until [ -e "$HOME/go" ]; do sleep 0.01; done; head -c 100000 /dev/zero; echo e >&2`,
    {
      maxBytes: 50_000,
      onOutput: (piece) => {
        told.push(piece);
        firstTold.resolve();
      },
    },
  );
  await firstTold.promise;
  await Deno.writeTextFile(`${daemon.home("alice")}/go`, "");
  const { stdout, stderr, omitted } = await running;
  assertEquals(told.reduce((sum, piece) => sum + piece.length, 0), 100_003);
  assertEquals(stdout.length, 50_000);
  assertEquals(textOf(stdout.subarray(0, 3)), "a\0b");
  assertEquals(omitted.stdout, { at: 25_000, bytes: 50_003 });
  assertEquals(textOf(stderr), "e\n");
});

testWithPty("a listener that throws ends the command, and is heard", async () => {
  await using daemon = await startShells();
  await using terminals = await TestTerminals.of(daemon);
  const terminal = terminals.of("alice");
  const error = await assertRejects(() =>
    terminal.run("while :; do echo x; sleep 0.05; done", {
      onOutput: () => {
        throw new RangeError("enough");
      },
    }), RangeError);
  assertEquals(error.message, "enough");
  assertEquals(textOf((await terminal.run("echo fine")).stdout), "fine\n");
});

testWithPty("nothing that is typed gets into the log", async () => {
  await using daemon = await startShells();
  const lines: string[] = [];
  const log = (_level: string, line: string) => void lines.push(line);
  await using terminals = await TestTerminals.of(daemon, { log });
  const terminal = terminals.of("alice");
  await terminal.run("echo hunter2", { stdin: "correct horse" });
  const shell = await terminal.open({ cols: 80, rows: 24, onOutput: () => {} });
  shell.send("echo battery staple\r");
  await shell.close();
  assert(lines.some((line) => line.includes("a command of 12 bytes with 13 bytes of input")));
  for (const secret of ["hunter2", "horse", "battery"]) {
    assert(!lines.some((line) => line.includes(secret)), secret);
  }
});

testWithPty(
  "a container without base64 says so, and one without other tools does its best",
  async (t) => {
    await t.step("base64", async () => {
      await using daemon = await startShells({ missing: ["base64", "busybox"] });
      await using terminals = await TestTerminals.of(daemon);
      const error = await assertRejects(() => terminals.of("alice").run("true"), ContainariumError);
      assertEquals(error.code, "unsupported", error.message);
      await terminals.close();
      await nothingLeft(daemon);
    });
    for (const missing of ["setsid", "gzip", "cksum", "bash", "head"]) {
      await t.step(missing, async () => {
        await using daemon = await startShells({ missing: [missing], login: "dash" });
        await using terminals = await TestTerminals.of(daemon);
        const terminal = terminals.of("alice");
        const { stdout } = await terminal.run("cat", { stdin: "x".repeat(10_000) });
        assertEquals(textOf(stdout), "x".repeat(10_000));
        const late = await terminal.run("sh -c 'sleep 300; :'", { timeoutMs: 200 });
        assertEquals(late.timedOut, true);
        await terminals.close();
        await nothingLeft(daemon);
      });
    }
  },
);

Deno.test("terminal() returns one terminal per container", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  assert(client.terminal("alice") === client.terminal("alice"));
  assert(client.terminal("alice") !== client.terminal("bob"));
});

/** The program in the container, alone: under each shell, by its line protocol, on a real pty. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import source from "../../../client/terminal/agent.sh" with { type: "text" };
import { Pty } from "../../daemon/pty.ts";
import { agentShells, outcomeOf, programOf, PtyAgent, text } from "./pty.ts";
import { testWithPty } from "../../with_pty.ts";

const encoder = new TextEncoder();

/** Fails with a word rather than with a megabyte. */
function assertSame(actual: Uint8Array, expected: Uint8Array): void {
  assertEquals(actual.length, expected.length);
  assert(actual.every((byte, at) => byte === expected[at]), "the bytes differ");
}

function random(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}

const manyLines = "n=0\n" + "n=$((n+1))\n".repeat(19_000) + "echo $n\n";

/** What is run, and what comes of it: exit code, standard output, standard error. */
const trials: Readonly<Record<string, readonly [string, number, string, string]>> = {
  "an exit code": ["exit 3", 3, "", ""],
  "nothing at all": ["", 0, "", ""],
  "no such command": ["nonesuch 2>/dev/null", 127, "", ""],
  "a signal to itself": ["kill -9 $$", 137, "", ""],
  "a crash": ["kill -SEGV $$", 139, "", ""],
  "two outputs, apart": ["echo a; echo b >&2; echo c", 0, "a\nc\n", "b\n"],
  "no final newline": ["printf x; printf y >&2", 0, "x", "y"],
  "a script of 200 KB in one line": [`: ${"x".repeat(200_000)}\necho done`, 0, "done\n", ""],
  "a script of 200 KB in lines": [manyLines, 0, "19000\n", ""],
  "a here-document with quotes": ["cat <<'E'\n$x `y` \"'\\\nE", 0, "$x `y` \"'\\\n", ""],
  "standard input that ends at once": ["cat; read -r x || echo none", 0, "none\n", ""],
  "what ends the shell": ["exec sh -c 'echo bye; exit 9'", 9, "bye\n", ""],
  "no terminal to change": [
    "stty sane 2>/dev/null || echo none; (: >/dev/tty) 2>/dev/null || echo none",
    0,
    "none\nnone\n",
    "",
  ],
  "escapes": ["printf '\\033c\\033[6n\\033[?1049h'", 0, "\x1bc\x1b[6n\x1b[?1049h", ""],
  "its descriptors are no way to the channel": [
    "(echo forged >&3) 2>/dev/null || echo closed; (echo forged >&4) 2>/dev/null || echo closed",
    0,
    "closed\nclosed\n",
    "",
  ],
  "the user's umask, not the agent's": ["umask", 0, "0027\n", ""],
  "nothing of the agent's in its variables": [
    'echo "${G-none} ${A-none} $TERM $PAGER"',
    0,
    "none none dumb cat\n",
    "",
  ],
  "a child in the background that holds the output": [
    "sleep 1000 & echo $! >child; echo x; exit 4",
    4,
    "x\n",
    "",
  ],
  "its end, since it was not ended with its parent": ['kill "$(cat child)"', 0, "", ""],
};

for (const shell of agentShells) {
  testWithPty(`commands come back as they are under ${shell}`, async (t) => {
    await using agent = await PtyAgent.start(shell, { before: "umask 027" });
    for (const [name, [command, ...expected]] of Object.entries(trials)) {
      await t.step(name, async () => {
        const outcome = await agent.run(command);
        assertEquals(outcomeOf(outcome), expected);
        assertEquals([outcome.stdout.tail, outcome.stderr.tail], [undefined, undefined]);
      });
    }
    await t.step("lines that look like the agent's", async () => {
      const forged = `${agent.nonce} E 1\n${agent.nonce} R 1 0 -\n`;
      assertEquals(outcomeOf(await agent.run(`printf '${forged}'`)), [0, forged, ""]);
    });
    await t.step("signals are heeded that the shell ignores in the background", async () => {
      const command = "trap 'echo heard' INT; kill -INT $$";
      assertEquals(outcomeOf(await agent.run(command)), [0, "heard\n", ""]);
    });
    await t.step("noise of a megabyte there and back", async () => {
      const noise = random(1_000_000);
      const { stdout } = await agent.run("cat", { stdin: noise, headBlocks: 2_000 });
      assertSame(stdout.head, noise);
    });
    await t.step("input that nobody reads", async () => {
      assertEquals(outcomeOf(await agent.run("echo x", { stdin: random(300_000) })), [
        0,
        "x\n",
        "",
      ]);
    });
    for (const pipe of ["o.pipe", "e.pipe", "?.pipe"]) {
      await t.step(`all outputs, after a command that removed ${pipe}`, async () => {
        assertEquals(outcomeOf(await agent.run(`rm "\${0%/*}"/${pipe}`)), [0, "", ""]);
        assertEquals(outcomeOf(await agent.run("echo x; echo y >&2")), [0, "x\n", "y\n"]);
      });
    }
    await t.step("nothing is left", () => agent.close());
  }, [programOf(shell)]);

  testWithPty(`whatever bytes go in come out under ${shell}`, async () => {
    await using agent = await PtyAgent.start(shell);
    const bytes = fc.uint8Array({ maxLength: 4_000 });
    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.nat({ max: 4 }),
        fc.nat({ max: 900 }),
        async (made, head, tail) => {
          const stdin = new Uint8Array(made);
          const ask = { stdin, headBlocks: head, tailBytes: tail };
          const { stdout, exitCode } = await agent.run("cat", ask);
          const room = head * 512;
          assertEquals(exitCode, 0);
          assertSame(stdout.head, stdin.subarray(0, room));
          assertEquals(stdout.tail?.total, stdin.length > room ? stdin.length : undefined);
          const end = Math.max(room, stdin.length - tail);
          if (stdout.tail !== undefined) assertSame(stdout.tail.bytes, stdin.subarray(end));
        },
      ),
      { numRuns: 40 },
    );
    await agent.close();
  }, [programOf(shell)]);

  testWithPty(
    `of a long output the head and the tail come, and the exact total under ${shell}`,
    async (t) => {
      await using agent = await PtyAgent.start(shell);
      const ask = { headBlocks: 4, tailBytes: 1_000 };
      const lines = (count: number) =>
        encoder.encode(Array.from({ length: count }, (_, n) => `${n + 1}\n`).join(""));
      await t.step("in one go", async () => {
        const all = lines(200_000);
        const { stdout } = await agent.run("seq 200000", ask);
        assertSame(stdout.head, all.subarray(0, 2_048));
        assertEquals(stdout.tail?.total, all.length);
        assertSame(stdout.tail?.bytes ?? all, all.subarray(-1_000));
      });
      await t.step("a few bytes at a time, on both outputs", async () => {
        const all = lines(1_500);
        const loop = "n=0; while [ $n -lt 1500 ]; do n=$((n+1)); echo $n; echo $n >&2; done";
        const { stdout, stderr } = await agent.run(loop, ask);
        for (const { head, tail } of [stdout, stderr]) {
          assertSame(head, all.subarray(0, 2_048));
          assertEquals(tail?.total, all.length);
          assertSame(tail?.bytes ?? all, all.subarray(-1_000));
        }
      });
      await t.step("a byte more than the head, and not one more", async () => {
        const made = await agent.run("head -c 2049 /dev/zero; head -c 2048 /dev/zero >&2", ask);
        assertEquals([made.stdout.head.length, made.stdout.tail?.total], [2_048, 2_049]);
        assertEquals(made.stdout.tail?.bytes.length, 1);
        assertEquals([made.stderr.head.length, made.stderr.tail], [2_048, undefined]);
      });
      await t.step("endless, until its time is over", async () => {
        const running = agent.run("sleep 0.3; yes", ask);
        agent.say("K timeout");
        const again = setTimeout(() => agent.say("K timeout"), 600);
        const { stdout, endedBy } = await running;
        clearTimeout(again);
        assertEquals(endedBy, "timeout");
        assertEquals(stdout.tail === undefined, stdout.head.length < 2_048);
      });
      await t.step("endless, from a child in the background that goes on", async () => {
        const { stdout, exitCode } = await agent.run(
          "yes & echo $! >child; sleep 0.2; exit 5",
          ask,
        );
        assertEquals([exitCode, stdout.head.length, stdout.tail?.bytes.length], [5, 2_048, 1_000]);
        assert((stdout.tail?.total ?? 0) > 3_048);
        assertEquals(outcomeOf(await agent.run('kill "$(cat child)"')), [0, "", ""]);
      });
      await t.step("nothing is left", () => agent.close());
    },
    [programOf(shell)],
  );

  testWithPty(`no word is lost when a child ends just then under ${shell}`, async () => {
    const count = 1_000;
    const [say = ""] = /^if \[ [^]*? say\(\) [^]*?^fi$/m.exec(source) ?? [];
    const script = `exec 4>&1 >/dev/null 2>&1; nonce=N; n=0; ${say}
      while [ $n -lt ${count} ]; do n=$((n+1)); : & say $n; done`;
    let seen = "";
    const show = (shown: string) => Promise.resolve(void (seen += shown));
    const env = { PATH: "/usr/bin:/bin", SHELL: "/bin/sh", SCRIPT: script };
    const pty = new Pty(`exec ${shell} -c "$SCRIPT"`, env, { show, ended: () => {} });
    await pty.ended;
    const said = seen.split("\r\n").slice(0, -1);
    const bad = said.findIndex((line, index) => line !== `N ${index + 1}`);
    assertEquals(bad < 0 ? "" : JSON.stringify(said.slice(Math.max(0, bad - 2), bad + 6)), "");
    assertEquals(said.length, count);
    assert(said.every((line, index) => line === `N ${index + 1}`), "out of order");
  }, [programOf(shell)]);

  testWithPty(`standard output is told as it comes under ${shell}`, async () => {
    await using agent = await PtyAgent.start(shell);
    const pieces: Uint8Array[] = [];
    const first = Promise.withResolvers<void>();
    const onPiece = (piece: Uint8Array) => {
      pieces.push(piece);
      first.resolve();
    };
    const noise = random(300_000);
    const running = agent.run('printf first; until [ -e "$HOME/go" ]; do sleep 0.02; done; cat', {
      stdin: noise,
      onPiece,
    });
    await first.promise;
    await Deno.writeTextFile(`${agent.home}/go`, "");
    assertEquals(outcomeOf(await running), [0, "", ""]);
    const all = new Uint8Array(
      await new Blob(pieces.map((piece) => new Uint8Array(piece))).arrayBuffer(),
    );
    assertSame(all, new Uint8Array([...encoder.encode("first"), ...noise]));
    await agent.run("sleep 1000 & echo $! >child; echo x", { onPiece });
    assertEquals(text(pieces.at(-1) ?? noise), "x\n");
    assertEquals(outcomeOf(await agent.run('kill "$(cat child)"')), [0, "", ""]);
    await agent.close();
  }, [programOf(shell)]);
}

/** The program in the container, alone: under each shell, by its line protocol, on a real pty. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { findTool } from "../../daemon/scratch_tools.ts";
import { type Outcome, PtyAgent } from "./pty.ts";
import { ptyTest } from "./shell_daemon.ts";

const shells = ["bash", "dash", "busybox ash"];
const encoder = new TextEncoder();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Fails with a word rather than with a megabyte. */
function assertSame(actual: Uint8Array, expected: Uint8Array): void {
  assertEquals(actual.length, expected.length);
  assert(actual.every((byte, at) => byte === expected[at]), "the bytes differ");
}

function random(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

/** What a command gave, as one looks at it. */
function told({ exitCode, stdout, stderr, endedBy }: Outcome): readonly unknown[] {
  const all = [exitCode, text(stdout.head), text(stderr.head)];
  return endedBy === undefined ? all : [...all, endedBy];
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
  "a child in the background that holds the output": ["sleep 1000 & echo x; exit 4", 4, "x\n", ""],
  "its end, since it was not ended with its parent": ["pkill -f '^sleep 1000$'", 0, "", ""],
};

for (const shell of shells) {
  ptyTest(`commands come back as they are under ${shell}`, async (t) => {
    await using agent = await PtyAgent.start(shell, { before: "umask 027" });
    for (const [name, [command, ...expected]] of Object.entries(trials)) {
      await t.step(name, async () => {
        const outcome = await agent.run(command);
        assertEquals(told(outcome), expected);
        assertEquals([outcome.stdout.tail, outcome.stderr.tail], [undefined, undefined]);
      });
    }
    await t.step("lines that look like the agent's", async () => {
      const forged = `${agent.nonce} E 1\n${agent.nonce} R 1 0 -\n`;
      assertEquals(told(await agent.run(`printf '${forged}'`)), [0, forged, ""]);
    });
    await t.step("signals are heeded that the shell ignores in the background", async () => {
      const command = "trap 'echo heard' INT; kill -INT $$";
      assertEquals(told(await agent.run(command)), [0, "heard\n", ""]);
    });
    await t.step("noise of a megabyte there and back", async () => {
      const noise = random(1_000_000);
      const { stdout } = await agent.run("cat", { stdin: noise, headBlocks: 2_000 });
      assertSame(stdout.head, noise);
    });
    await t.step("input that nobody reads", async () => {
      assertEquals(told(await agent.run("echo x", { stdin: random(300_000) })), [0, "x\n", ""]);
    });
    await t.step("nothing is left", () => agent.close());
  });

  ptyTest(`whatever bytes go in come out under ${shell}`, async () => {
    await using agent = await PtyAgent.start(shell);
    const bytes = fc.uint8Array({ maxLength: 4_000 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat({ max: 4 }), fc.nat({ max: 900 }), async (made, head, tail) => {
        const stdin = new Uint8Array(made);
        const ask = { stdin, headBlocks: head, tailBytes: tail };
        const { stdout, exitCode } = await agent.run("cat", ask);
        const room = head * 512;
        assertEquals(exitCode, 0);
        assertSame(stdout.head, stdin.subarray(0, room));
        assertEquals(stdout.tail?.total, stdin.length > room ? stdin.length : undefined);
        const end = Math.max(room, stdin.length - tail);
        if (stdout.tail !== undefined) assertSame(stdout.tail.bytes, stdin.subarray(end));
      }),
      { numRuns: 40 },
    );
    await agent.close();
  });

  ptyTest(`of a long output the head and the tail come, and the exact total under ${shell}`, async (t) => {
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
      const { stdout, exitCode } = await agent.run("yes & sleep 0.2; exit 5", ask);
      assertEquals([exitCode, stdout.head.length, stdout.tail?.bytes.length], [5, 2_048, 1_000]);
      assert((stdout.tail?.total ?? 0) > 3_048);
      assertEquals(told(await agent.run("pkill -x yes")), [0, "", ""]);
    });
    await t.step("nothing is left", () => agent.close());
  });

  ptyTest(`standard output is told as it comes under ${shell}`, async () => {
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
    assertEquals(told(await running), [0, "", ""]);
    const all = new Uint8Array(await new Blob(pieces.map((piece) => new Uint8Array(piece))).arrayBuffer());
    assertSame(all, new Uint8Array([...encoder.encode("first"), ...noise]));
    await agent.run("sleep 1000 & echo x", { onPiece });
    assertEquals(text(pieces.at(-1) ?? noise), "x\n");
    assertEquals(told(await agent.run("pkill -f '^sleep 1000$'")), [0, "", ""]);
    await agent.close();
  });

  ptyTest(`a command is ended with everything that it started under ${shell}`, async (t) => {
    await using agent = await PtyAgent.start(shell, { path: await toolsWithSudo() });
    const commands: Readonly<Record<string, readonly [string, number]>> = {
      "by itself": ["echo started; exec sleep 1000", 143],
      "with children": ["sleep 1000 | sleep 1000 & echo started; sleep 1000", 143],
      "with daemons": ["setsid sleep 1000 & setsid -f sleep 1000; echo started; wait", 143],
      "that does not heed TERM": ["trap '' TERM; echo started; while :; do sleep 1; done", 137],
      "with children that do not": [
        "sh -c 'trap \"\" TERM; while :; do sleep 1; done' & echo started; wait",
        143,
      ],
      "with what sudo started, which has lost the tag": [
        "sudo sh -c 'trap \"\" TERM; echo started; while :; do sleep 1; done'; wait",
        137,
      ],
    };
    for (const [name, [command, exitCode]] of Object.entries(commands)) {
      await t.step(name, async () => {
        const before = (await agent.processes()).length;
        const started = Promise.withResolvers<void>();
        const running = agent.run(command, { onPiece: () => started.resolve() });
        await started.promise;
        agent.say("K cancel");
        const outcome = await running;
        assertEquals([outcome.exitCode, outcome.endedBy], [exitCode, "cancel"]);
        assertEquals(await sleeps(agent), []);
        assert(before > 0, "no process of the agent is seen");
      });
    }
    await t.step("a word to end what has ended is not heard", async () => {
      agent.say("K cancel");
      assertEquals(told(await agent.run("echo x")), [0, "x\n", ""]);
    });
    await t.step("nothing is left", () => agent.close());
  });

  ptyTest(`however the agent ends nothing is left under ${shell}`, async (t) => {
    const busy = "setsid sleep 1000 & sleep 1000 & echo started; trap '' TERM HUP; sleep 1000";
    const endings: Readonly<Record<string, (agent: PtyAgent) => void | Promise<void>>> = {
      "told to close": (agent) => agent.say("X"),
      "told to cancel and to close": (agent) => {
        agent.say("K cancel");
        agent.say("X");
      },
      "hung up": (agent) => agent.hangUp(),
      "nobody speaks": () => {},
      "SIGTERM": async (agent) => Deno.kill(await agent.pid(), "SIGTERM"),
    };
    for (const [name, end] of Object.entries(endings)) {
      const silence = name === "nobody speaks" ? 10 : 250;
      await t.step(`${name}, idle`, async () => {
        await using agent = await PtyAgent.start(shell, { silence });
        await end(agent);
        await agent.ended;
        await agent.nothingLeft();
      });
      await t.step(`${name}, in mid-command`, async () => {
        await using agent = await PtyAgent.start(shell, { silence });
        const started = Promise.withResolvers<void>();
        agent.run(busy, { onPiece: () => started.resolve() }).catch(() => {});
        await started.promise;
        await end(agent);
        await agent.ended;
        await agent.nothingLeft();
      });
    }
    await t.step("nobody reads what it prints", async () => {
      await using agent = await PtyAgent.start(shell, { silence: 10 });
      agent.run("cat /dev/urandom | head -c 3000000; echo >&2", { headBlocks: 8_000 }).catch(() => {});
      await until(async () => (await agent.processes()).some((line) => line.includes("base64")));
      agent.stopReading();
      await agent.nothingLeft(15);
    });
  });

  ptyTest(`what a killed agent left is swept by the next under ${shell}`, async () => {
    await using dead = await PtyAgent.start(shell);
    const started = Promise.withResolvers<void>();
    dead.run("setsid sleep 1000 & echo started; sleep 1000", { onPiece: () => started.resolve() })
      .catch(() => {});
    await started.promise;
    for (const line of await dead.processes()) {
      // Not the commands: they are what has to be swept.
      if (!line.includes("sleep 1000") && !line.includes("/code")) kill(parseInt(line));
    }
    await dead.ended;
    assertEquals(dead.folders().length, 1);
    const unfinished = `/dev/shm/.cx.${"0".repeat(24)}`;
    await Deno.mkdir(unfinished);
    try {
      await using next = await PtyAgent.start(shell);
      await dead.nothingLeft();
      assertEquals((await Deno.stat(unfinished)).isDirectory, true);
      await next.close();
    } finally {
      await Deno.remove(unfinished);
    }
  });

  ptyTest(`shells in its care end when it does, and only then, under ${shell}`, async (t) => {
    const care = async (agent: PtyAgent, login: Interactive) => {
      agent.say(`W ${login.pid}`);
      assertEquals(told(await agent.run("true")), [0, "", ""]);
    };
    const endings: Readonly<Record<string, (agent: PtyAgent) => void | Promise<void>>> = {
      "told to close": (agent) => agent.say("X"),
      "hung up": (agent) => agent.hangUp(),
      "nobody speaks": () => {},
      "SIGTERM": async (agent) => Deno.kill(await agent.pid(), "SIGTERM"),
    };
    for (const [name, end] of Object.entries(endings)) {
      await t.step(name, async () => {
        await using login = await Interactive.start();
        await using agent = await PtyAgent.start(shell, { silence: 10 });
        await care(agent, login);
        await end(agent);
        await login.nothingLeft();
      });
    }
    await t.step("asked to end one, which does not want to", async () => {
      await using login = await Interactive.start("trap '' HUP TERM; ");
      await using agent = await PtyAgent.start(shell);
      await care(agent, login);
      await agent.end(login.pid);
      await login.nothingLeft();
      await agent.close();
    });
    await t.step("asked to let go", async () => {
      await using login = await Interactive.start();
      await using agent = await PtyAgent.start(shell);
      await care(agent, login);
      agent.say(`U ${login.pid}`);
      await agent.close();
      assert((await login.processes()).length > 0, "the shell has ended");
    });
    await t.step("killed itself: the next one does it", async () => {
      await using login = await Interactive.start();
      await using agent = await PtyAgent.start(shell);
      await care(agent, login);
      kill(await agent.pid());
      await agent.ended;
      await using next = await PtyAgent.start(shell);
      await login.nothingLeft();
      await next.close();
    });
  });

  ptyTest(`a container that lacks tools is made do with under ${shell}`, async (t) => {
    for (const missing of ["setsid", "setsid perl", "gzip", "cksum", "head", "tee", "bash", "env"]) {
      await t.step(`without ${missing}`, async () => {
        const path = await toolsWithout(missing.split(" "));
        await using agent = await PtyAgent.start(shell, { path });
        const ask = { headBlocks: 2, tailBytes: 0 };
        const { stdout, stderr, exitCode } = await agent.run("seq 9999; echo e >&2; exit 3", ask);
        assertEquals([exitCode, text(stderr.head), stdout.head.length], [3, "e\n", 1_024]);
        assertEquals(stdout.tail?.total, 48_888 - 5 - 1 + 6);
        const started = Promise.withResolvers<void>();
        const onPiece = () => started.resolve();
        const running = agent.run("sleep 1000 & echo started; sleep 1000", { onPiece });
        await started.promise;
        agent.say("K timeout");
        assertEquals((await running).endedBy, "timeout");
        assertEquals(await sleeps(agent), []);
        await agent.close();
        await Deno.remove(path, { recursive: true });
      });
    }
    await t.step("without base64 it says so", async () => {
      const path = await toolsWithout(["base64", "busybox"]);
      await assertRejects(() => PtyAgent.start(shell, { path }), Error, "nobase64");
      await Deno.remove(path, { recursive: true });
    });
  });

  ptyTest(`a full disk is passed over under ${shell}`, async (t) => {
    const within = "unshare -rm sh -c";
    const probe = new Deno.Command("unshare", { args: ["-rm", "mount", "-t", "tmpfs", "x", "/mnt"] });
    const canMount = await probe.output().then(({ success }) => success, () => false);
    const full = (places: string) =>
      `for p in ${places}; do mount -t tmpfs -o size=4k x $p; echo x >$p/fill; done`;
    const script = 'echo "${0%/.cx.*}"';
    const ignore = !canMount;
    const reason = ignore ? " (not run: nothing can be mounted here)" : "";
    await t.step({
      name: `the next one is taken${reason}`,
      ignore,
      fn: async () => {
        await using agent = await PtyAgent.start(shell, { within, before: full("/dev/shm") });
        assertEquals(told(await agent.run(script)), [0, "/tmp\n", ""]);
        await agent.close();
      },
    });
    await t.step({
      name: `the home is the last${reason}`,
      ignore,
      fn: async () => {
        const before = full("/dev/shm /tmp/. /var/tmp").replace("/tmp/.", "/tmp");
        const home = 'mkdir -p "$HOME"';
        await using agent = await PtyAgent.start(shell, { within, before: `${before}; ${home}` });
        assertEquals(told(await agent.run(script)), [0, `${agent.home}\n`, ""]);
        await agent.close();
      },
    });
    await t.step({
      name: `when all are it says so${reason}`,
      ignore,
      fn: async () => {
        const before = full('/dev/shm "$HOME" /tmp');
        await assertRejects(() => PtyAgent.start(shell, { within, before }), Error, "nodir");
      },
    });
    await t.step({
      name: `what does not fit is counted${reason}`,
      ignore,
      fn: async () => {
        const before = "mount -t tmpfs -o size=64k x /dev/shm";
        await using agent = await PtyAgent.start(shell, { within, before });
        const { stdout } = await agent.run("seq 100000");
        assert(stdout.head.length > 0 && stdout.head.length < 588_895);
        assert((stdout.tail?.total ?? 0) > stdout.head.length, "nothing says that it is cut");
        await assertRejects(() => agent.run(`: ${"x".repeat(100_000)}`), Error, "upload");
      },
    });
  });
}

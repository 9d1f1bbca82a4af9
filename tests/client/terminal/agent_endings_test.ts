/** The program in the container, alone: however it ends, and whatever it lacks. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { eachAtOnce, stepsAtOnce } from "../../at_once.ts";
import { findTool } from "../../daemon/scratch_tools.ts";
import { Login } from "./login.ts";
import { kill, untilNone } from "./marked.ts";
import { agentShells, type Kept, outcomeOf, programOf, PtyAgent, text } from "./pty.ts";
import { needing, unless } from "../../needs.ts";
import { testWithPty } from "../../with_pty.ts";
import { toolsOfBusybox, toolsWithout, toolsWithSudo } from "./tool_folders.ts";

const sleeps = async (agent: PtyAgent) =>
  (await agent.processes()).filter((line) => line.includes("sleep 1000"));

function assertTotal({ tail }: Kept, least: number, most: number): void {
  const total = tail?.total ?? 0;
  assert(least <= total && total <= most, `${total} bytes in all`);
}

/** An agent that was killed, but not the command that it ran. */
async function killInMidCommand(shell: string): Promise<PtyAgent> {
  const agent = await PtyAgent.start(shell);
  const started = Promise.withResolvers<void>();
  agent.run("setsid sleep 1000 & echo started; sleep 1000", { onPiece: () => started.resolve() })
    .catch(() => {});
  await started.promise;
  for (const line of await agent.processes()) {
    // Not the commands: they are what has to be swept.
    if (!line.includes("sleep 1000") && !line.includes("/code")) kill(parseInt(line));
  }
  await agent.ended;
  return agent;
}

for (const shell of agentShells) {
  testWithPty(`a command is ended with everything that it started under ${shell}`, async (t) => {
    await using tools = await toolsWithSudo();
    await using agent = await PtyAgent.start(shell, { path: tools.path });
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
        143,
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
      assertEquals(outcomeOf(await agent.run("echo x")), [0, "x\n", ""]);
    });
    await t.step("nothing is left", () => agent.close());
  }, [programOf(shell)]);

  testWithPty(`however the agent ends nothing is left under ${shell}`, async (t) => {
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
    const steps: Record<string, () => Promise<void>> = {};
    for (const [name, end] of Object.entries(endings)) {
      const silence = name === "nobody speaks" ? 20 : 250;
      steps[`${name}, idle`] = async () => {
        await using agent = await PtyAgent.start(shell, { silence });
        await end(agent);
        await agent.ended;
        await agent.nothingLeft();
      };
      steps[`${name}, in mid-command`] = async () => {
        await using agent = await PtyAgent.start(shell, { silence });
        const started = Promise.withResolvers<void>();
        agent.run(busy, { onPiece: () => started.resolve() }).catch(() => {});
        await started.promise;
        await end(agent);
        await agent.ended;
        await agent.nothingLeft();
      };
    }
    steps["nobody reads what it prints"] = async () => {
      await using agent = await PtyAgent.start(shell, { silence: 20 });
      agent.run("cat /dev/urandom | head -c 3000000; echo >&2", { headBlocks: 8_000 }).catch(
        () => {},
      );
      agent.stopReading();
      // `script` itself waits for us.
      const others = async () =>
        (await agent.processes()).filter((one) => !one.includes("script -"));
      await untilNone(others, 15);
      assertEquals(await agent.folders(), []);
    };
    await stepsAtOnce(t, steps);
  }, [programOf(shell)]);

  testWithPty(`what a killed agent left is swept by the next under ${shell}`, async () => {
    let dead = await killInMidCommand(shell);
    let folders = await dead.folders();
    // The agent of another test that begins just now sweeps it, too: no second look would see the same.
    for (let left = 9; left > 0 && folders.length === 0; left--) {
      await dead[Symbol.asyncDispose]();
      dead = await killInMidCommand(shell);
      folders = await dead.folders();
    }
    await using _dead = dead;
    assertEquals(folders.length, 1);
    const unfinished = `/tmp/.cx.${"0".repeat(24)}`;
    await Deno.mkdir(unfinished);
    try {
      await using next = await PtyAgent.start(shell);
      await dead.nothingLeft();
      assertEquals((await Deno.stat(unfinished)).isDirectory, true);
      await next.close();
    } finally {
      await Deno.remove(unfinished);
    }
  }, [programOf(shell)]);

  testWithPty(`shells in its care end when it does, and only then, under ${shell}`, async (t) => {
    const care = async (agent: PtyAgent, login: Login) => {
      agent.say(`W ${login.pid}`);
      assertEquals(outcomeOf(await agent.run("true")), [0, "", ""]);
    };
    const endings: Readonly<Record<string, (agent: PtyAgent) => void | Promise<void>>> = {
      "told to close": (agent) => agent.say("X"),
      "hung up": (agent) => agent.hangUp(),
      "nobody speaks": () => {},
      "SIGTERM": async (agent) => Deno.kill(await agent.pid(), "SIGTERM"),
    };
    await eachAtOnce(t, endings, async (end) => {
      await using login = await Login.start();
      await using agent = await PtyAgent.start(shell, { silence: 20 });
      await care(agent, login);
      await end(agent);
      await login.nothingLeft();
    });
    await t.step("asked to end one, which does not want to", async () => {
      await using login = await Login.start("trap '' HUP TERM");
      await using agent = await PtyAgent.start(shell);
      await care(agent, login);
      await agent.end(login.pid);
      await login.nothingLeft();
      await agent.close();
    });
    await t.step("asked to let go", async () => {
      await using login = await Login.start();
      await using agent = await PtyAgent.start(shell);
      await care(agent, login);
      agent.say(`U ${login.pid}`);
      await agent.close();
      assert((await login.processes()).length > 0, "the shell has ended");
    });
    await t.step("killed itself: the next one does it", async () => {
      await using login = await Login.start();
      await using agent = await PtyAgent.start(shell);
      await care(agent, login);
      kill(await agent.pid());
      await agent.ended;
      await using next = await PtyAgent.start(shell);
      await login.nothingLeft();
      await next.close();
    });
  }, [programOf(shell)]);

  testWithPty(`a container that lacks tools is made do with under ${shell}`, async (t) => {
    const tools = ["setsid", "setsid perl", "gzip", "cksum", "head", "tee", "bash", "env"];
    await eachAtOnce(
      t,
      Object.fromEntries(tools.map((missing) => [`without ${missing}`, missing.split(" ")])),
      async (missing) => {
        await using tools = await toolsWithout(...missing);
        await using agent = await PtyAgent.start(shell, { path: tools.path });
        const ask = { headBlocks: 2, tailBytes: 0 };
        const { stdout, stderr, exitCode } = await agent.run("seq 9999; echo e >&2; exit 3", ask);
        assertEquals([exitCode, text(stderr.head), stdout.head.length], [3, "e\n", 1_024]);
        assertEquals(stdout.tail?.total, 48_888);
        const started = Promise.withResolvers<void>();
        const onPiece = () => started.resolve();
        const running = agent.run("sleep 1000 & echo started; sleep 1000", { onPiece });
        await started.promise;
        agent.say("K timeout");
        assertEquals((await running).endedBy, "timeout");
        assertEquals(await sleeps(agent), []);
        await agent.close();
      },
    );
    await t.step({
      ...needing(["busybox"], "with nothing but busybox"),
      fn: async () => {
        await using tools = await toolsOfBusybox();
        await using agent = await PtyAgent.start(shell, { path: tools.path });
        const stdin = new Uint8Array(300_000).map((_, at) => at * at);
        const { stdout, exitCode } = await agent.run("cat; exit 6", { stdin, headBlocks: 100 });
        assertEquals([exitCode, stdout.head.length, stdout.tail?.total], [6, 51_200, 300_000]);
        assertEquals(stdout.tail?.bytes, stdin.subarray(-100_000));
        const loop = "for n in 1 2 3; do echo $n; sleep 0.01; done";
        assertEquals(outcomeOf(await agent.run(loop)), [0, "1\n2\n3\n", ""]);
        await agent.close();
      },
    });
    await t.step("without base64 it says so", async () => {
      await using tools = await toolsWithout("base64", "busybox");
      const { path } = tools;
      await assertRejects(() => PtyAgent.start(shell, { path }), Error, "nobase64");
    });
  }, [programOf(shell)]);

  testWithPty(`a full disk is passed over under ${shell}`, async (t) => {
    const within = "unshare -rm sh -c";
    const probe = new Deno.Command("unshare", {
      args: ["-rm", "mount", "-t", "tmpfs", "x", "/mnt"],
    });
    const canMount = await probe.output().then(({ success }) => success, () => false);
    const full = (places: string) =>
      `for p in ${places}; do mount -t tmpfs -o size=4k x $p; echo x >$p/fill; done`;
    const script = 'echo "${0%/.cx.*}"';
    const reason = canMount ? undefined : "nothing can be mounted here";
    // What is mounted over /tmp hides the programs in it.
    const isHidden = findTool("mount")?.startsWith("/tmp/") === true;
    const reasonOverTmp = reason ?? (isHidden ? "programs are in /tmp" : undefined);
    await t.step({
      ...unless(reason, "the next one is taken"),
      fn: async () => {
        await using agent = await PtyAgent.start(shell, { within, before: full("/dev/shm") });
        assertEquals(outcomeOf(await agent.run(script)), [0, "/tmp\n", ""]);
        await agent.close();
      },
    });
    await t.step({
      ...unless(reasonOverTmp, "the home is the last"),
      fn: async () => {
        const before = `${full("/dev/shm /tmp")}; HOME=/var/tmp; mount -t tmpfs x /var/tmp`;
        await using agent = await PtyAgent.start(shell, { within, before });
        assertEquals(outcomeOf(await agent.run(script)), [0, "/var/tmp\n", ""]);
        await agent.close();
      },
    });
    await t.step({
      ...unless(reasonOverTmp, "when all are it says so"),
      fn: async () => {
        const before = full('/dev/shm "$HOME" /tmp');
        await assertRejects(() => PtyAgent.start(shell, { within, before }), Error, "nodir");
      },
    });
    await t.step({
      ...unless(reason, "what comes once nothing fits any more is counted"),
      fn: async () => {
        const before = "mount -t tmpfs -o size=64k x /dev/shm";
        await using agent = await PtyAgent.start(shell, { within, before });
        const fill = 'cat /dev/zero >"${0%/*}/fill"; seq 100000';
        assertTotal((await agent.run(fill)).stdout, 588_895 - 65_536, 588_895);
      },
    });
    await t.step({
      ...unless(reason, "a tail that does not fit is counted, to the byte"),
      fn: async () => {
        const before = "mount -t tmpfs -o size=64k x /dev/shm";
        await using agent = await PtyAgent.start(shell, { within, before });
        const { stdout } = await agent.run("seq 100000", { headBlocks: 40 });
        assertEquals(stdout.head.length, 20_480);
        assertTotal(stdout, 588_895, 588_895);
        assertEquals(stdout.tail?.isAtLeast, false);
      },
    });
    await t.step({
      ...unless(reason, "what does not fit is counted"),
      fn: async () => {
        const before = "mount -t tmpfs -o size=64k x /dev/shm";
        await using agent = await PtyAgent.start(shell, { within, before });
        const { stdout } = await agent.run("seq 100000");
        assert(stdout.head.length > 0 && stdout.head.length < 588_895);
        // What was read when the disk was full is lost uncounted: at most what a pipe holds.
        assertTotal(stdout, 588_895 - 65_536, 588_895);
        assertEquals(stdout.tail?.isAtLeast, true);
        await assertRejects(() => agent.run(`: ${"x".repeat(100_000)}`), Error, "upload");
      },
    });
  }, [programOf(shell)]);
}

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getMetrics } from "../../../tools/containers/get_metrics.ts";
import { connect } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";

Deno.test("get_metrics shows what all containers, or one, use", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon);

  const all = await server.call("get_metrics");
  const { containers } = getMetrics.output.parse(all.structuredContent);
  assertEquals(containers.map(({ username }) => username).sort(), ["alice", "bob"]);
  assertStringIncludes(all.text, "username  cpu_s  memory");

  const one = await server.call("get_metrics", { username: "alice" });
  const [alice, ...rest] = getMetrics.output.parse(one.structuredContent).containers;
  assertEquals(rest, []);
  assert(alice !== undefined && alice.memory_bytes > 0 && alice.process_count > 0);
});

Deno.test("get_metrics asks for the host only where a limit is a share of its memory", async () => {
  const containers = Array.from({ length: 30 }, (_, at) => ({
    username: `u${at}`,
    resources: { memory: at % 2 === 0 ? "50%" : "4GB" },
  }));
  for (const [shares, hosts] of [[false, 0], [true, 1]] as const) {
    await using daemon = await startDaemon({
      containers: shares ? containers : containers.filter((_, at) => at % 2 === 1),
      memoryBytes: 6e9,
    });
    await using server = await connect(daemon);
    const { structuredContent } = await server.call("get_metrics");
    const found = getMetrics.output.parse(structuredContent).containers;
    const limits = new Set(found.map(({ memory_limit_bytes: limit }) => limit));
    assertEquals(limits, new Set(shares ? [3e9, 4e9] : [4e9]));
    assertEquals(daemon.count("GET", "/v1/system/info"), hosts);
  }
});

Deno.test("get_metrics explains each refusal", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const { isError, text } = await server.call("get_metrics", { username: "carol" });
  assertEquals(isError, true);
  assertStringIncludes(text, "list_containers");
});

/**
 * A container whose control group counts 3.5 s of CPU time while its clock counts 7 s. Everything else is
 * as on this machine.
 */
const profile = `
mkdir -p "$HOME/bin"
cat >"$HOME/bin/cat" <<'end'
#!/bin/sh
case $1 in
  /sys/fs/cgroup/cpu.stat) if [ -e "$HOME/slept" ]; then u=4500000; else u=1000000; fi
    printf 'usage_usec %s\\nuser_usec 5\\n' "$u";;
  /proc/uptime) if [ -e "$HOME/slept" ]; then echo '107.00 9.00'; else echo '100.00 9.00'; fi;;
  *) exec /bin/cat "$@";;
esac
end
cat >"$HOME/bin/sleep" <<'end'
#!/bin/sh
if [ "$1" = 2 ]; then touch "$HOME/slept"; else exec /bin/sleep "$@"; fi
end
chmod +x "$HOME/bin/cat" "$HOME/bin/sleep"
PATH=$HOME/bin:$PATH
export PATH
`;

testWithPty("get_metrics measures the CPU in the container, in percent of one core", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
    shell: { profile },
  });
  await using server = await connect(daemon);
  const answer = await server.call("get_metrics", { sample_seconds: 2 });
  const { containers, warnings } = getMetrics.output.parse(answer.structuredContent);
  const [alice, bob] = ["alice", "bob"].map((username) =>
    containers.find((one) => one.username === username)
  );
  assertEquals([alice?.cpu_percent, alice?.cpu_percent_resolution], [50, 0.4]);
  assertEquals([bob?.cpu_percent, bob?.cpu_percent_resolution], [0, 0], "a stopped one uses none");
  assertEquals(warnings, undefined);
  assertStringIncludes(answer.text, "50 ± 0.4");
  assertStringIncludes(answer.text, "cpu_%: percent of one core");
});

Deno.test("get_metrics states its precision if it cannot measure in the container", async (t) => {
  const coarse = async (daemon: Daemon, scopes?: readonly string[]) => {
    const token = await daemon.token(scopes === undefined ? {} : { scopes });
    await using server = await connect({ url: daemon.url, token });
    const answer = await server.call(
      "get_metrics",
      { username: "alice", sample_seconds: 1 },
      { progressToken: 1 },
    );
    const { containers: [alice], warnings: [warning] = [] } = getMetrics.output.parse(
      answer.structuredContent,
    );
    assert(alice?.cpu_percent !== undefined && alice.cpu_percent >= 0);
    assert((alice.network_rx_bytes_per_second ?? 0) > 0, "the simulated counters move");
    const { cpu_percent_resolution: resolution = 0 } = alice;
    assert(resolution > 50 && resolution <= 100, `${resolution}`);
    assertStringIncludes(`${warning}`, "cpu_percent of alice-container is from the daemon's count");
    assertStringIncludes(`${warning}`, "For a precision of 1, pass sample_seconds=100.");
    assertStringIncludes(answer.text, `${warning}`);
    assertStringIncludes(String(server.notifications[0]?.params?.message), "second follows in 1 s");
    return warning;
  };
  await t.step("a daemon that refuses the terminal", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    await coarse(daemon);
    assertEquals(daemon.count("GET", "/v1/metrics/alice"), 2);
  });
  await t.step("a token without the scope for terminals", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    const warning = await coarse(daemon, ["containers:read"]);
    assertStringIncludes(`${warning}`, "the token lacks the scope containers:write");
    assertEquals(daemon.count("GET", /terminal/), 0, "no terminal is tried");
  });
});

Deno.test("get_metrics shows the memory limit and the percent of it in use", async (t) => {
  const cases: readonly (readonly [string, number])[] = [["1GB", 1e9], ["512MiB", 2 ** 29], [
    "50%",
    4e9,
  ]];
  for (const [memory, limit] of cases) {
    await t.step(memory, async () => {
      await using daemon = await startDaemon({
        containers: [{ username: "alice", resources: { memory } }],
        memoryBytes: 8e9,
      });
      await using server = await connect(daemon);
      for (const args of [{}, { username: "alice" }]) {
        const answer = await server.call("get_metrics", args);
        const { containers: [alice] } = getMetrics.output.parse(answer.structuredContent);
        assertEquals(alice?.memory_limit_bytes, limit);
        const percent = Math.round(1000 * (alice?.memory_bytes ?? 0) / limit) / 10;
        assertEquals(alice?.memory_percent, percent);
        assertStringIncludes(answer.text, `${percent} % of `);
      }
    });
  }
  await t.step("a token that may not read containers", async () => {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    const token = await daemon.token({ scopes: ["ssh:write"] });
    await using server = await connect({ url: daemon.url, token });
    const { isError, structuredContent } = await server.call("get_metrics");
    const { containers: [alice] } = getMetrics.output.parse(structuredContent);
    assertEquals([isError, alice?.memory_limit_bytes], [false, undefined]);
  });
});

Deno.test("get_metrics sorts, and shows no more than limit", async (t) => {
  const usernames = ["alice", "bob", "carol"];
  await using daemon = await startDaemon({
    containers: usernames.map((username) => ({ username })),
  });
  await using server = await connect(daemon);
  const use: Readonly<Record<string, readonly [number, number, number]>> = {
    alice: [2, 30, 100],
    bob: [3, 10, 300],
    carol: [1, 20, 200],
  };
  const metrics = Object.entries(use).map(([username, [cpu, memory, disk]]) => ({
    name: `${username}-container`,
    cpuUsageSeconds: String(cpu),
    memoryUsageBytes: String(memory),
    diskUsageBytes: String(disk),
    processCount: 1,
  }));
  for (const [sort, expected] of [["cpu", "bob"], ["memory", "alice"], ["disk", "bob"]]) {
    await t.step(`${sort}`, async () => {
      const body = JSON.stringify({ metrics });
      daemon.inject({ kind: "answer", method: "GET", path: "/v1/metrics", status: 200, body });
      const answer = await server.call("get_metrics", { sort, limit: 1 });
      const { containers, omitted, totals } = getMetrics.output.parse(answer.structuredContent);
      assertEquals(containers.map(({ username }) => username), [expected]);
      assertEquals([omitted, totals?.memory_bytes, totals?.process_count], [2, 60, 3]);
      assertStringIncludes(answer.text, "2 more are not shown");
    });
  }
});

Deno.test("get_metrics adds up what all containers use", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await connect(daemon);
  const { containers, totals } = getMetrics.output.parse(
    (await server.call("get_metrics")).structuredContent,
  );
  assertEquals(
    totals?.memory_bytes,
    containers.reduce((sum, { memory_bytes: bytes }) => sum + bytes, 0),
  );
});

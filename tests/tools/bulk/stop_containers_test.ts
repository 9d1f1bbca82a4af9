/** start_containers and stop_containers, which differ only in the daemon's request. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { type ContainerSeed, type Hold, startDaemon } from "../../daemon/mod.ts";
import { stopContainers } from "../../../tools/bulk/stop_containers.ts";
import { clientOf } from "../../client/connect.ts";
import { contextOf } from "../context.ts";
import { ask, outcomes, refused, rowOf } from "./ask.ts";

const stopped = "CONTAINER_STATE_STOPPED";
const running = "CONTAINER_STATE_RUNNING";

const containers: readonly ContainerSeed[] = [
  { username: "ci-1", labels: { team: "ci" } },
  { username: "ci-2", labels: { team: "ci" }, state: stopped },
  { username: "ci-10", labels: { team: "ci", keep: "yes" } },
  { username: "alice" },
];

Deno.test("stop_containers stops each that is named, and says which were stopped already", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const answer = await ask(server, "stop_containers", { usernames: ["alice", "ci-2", "ci-1"] });
  assertEquals(outcomes(answer), ["alice done", "ci-2 skipped", "ci-1 done"]);
  assertEquals(answer.totals, { done: 2, skipped: 1 });
  assertEquals([answer.isError, answer.next], [false, undefined]);
  assertEquals(
    answer.text,
    [
      "3 containers: 2 done, 1 skipped",
      "username  result   state    why",
      "alice     done     stopped",
      "ci-2      skipped  stopped  it was already stopped",
      "ci-1      done     stopped",
    ].join("\n"),
  );
  assertEquals([daemon.state("alice"), daemon.state("ci-10")], [stopped, running]);
});

Deno.test("stop_containers has what exists agreed to, and nothing else", async () => {
  await using daemon = await startDaemon({ containers });
  using client = await clientOf(daemon);
  const args = stopContainers.input.parse({ usernames: ["nobody", "alice"] });
  const request = await stopContainers.consent?.(args, contextOf(client));
  assertEquals(request?.question, undefined, "a stop alone loses nothing");
  assertEquals([...request?.agreed?.keys() ?? []], ["alice"]);
  daemon.replace({ username: "alice", deleteAfterStoppedSeconds: 60 });
  const losing = await stopContainers.consent?.(args, contextOf(client));
  assert(losing?.question?.message.startsWith("Stop alice-container"), losing?.question?.message);
});

Deno.test("start_containers starts each container and reports its address", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const answer = await ask(server, "start_containers", { usernames: ["ci-2", "alice"] });
  assertEquals(outcomes(answer), ["ci-2 done", "alice skipped"]);
  assert(/^10\.77\.0\.\d+$/.test(rowOf(answer, "ci-2").ip_address ?? ""), answer.text);
  assertEquals(daemon.state("ci-2"), running);
});

Deno.test("stop_containers selects by labels, state and patterns of usernames", async (t) => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const cases:
    readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
      ["labels", { labels: { team: "ci", keep: "yes" } }, ["ci-10"]],
      ["state", { state: "stopped" }, ["ci-2"]],
      ["*", { usernames: ["ci-*"] }, ["ci-1", "ci-10", "ci-2"]],
      ["?", { usernames: ["ci-?"] }, ["ci-1", "ci-2"]],
      ["all conditions hold", { usernames: ["*"], state: "running", labels: { team: "ci" } }, [
        "ci-1",
        "ci-10",
      ]],
      ["names beside patterns, each once", { usernames: ["alice", "ci-1?", "*-10"] }, [
        "alice",
        "ci-10",
      ]],
      ["all", { usernames: ["*"] }, ["alice", "ci-1", "ci-10", "ci-2"]],
      ["none", { labels: { team: "nobody" } }, []],
    ];
  for (const [name, args, usernames] of cases) {
    await t.step(name, async () => {
      const answer = await ask(server, "stop_containers", { ...args, dry_run: true });
      assertEquals(answer.containers.map(({ username }) => username), usernames);
      assertEquals(answer.isError, false);
    });
  }
  assertEquals(daemon.count("POST"), 0);
});

Deno.test("no bulk tool takes an empty label, which would select every container without it", async (t) => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["stop_containers", {}],
    ["start_containers", {}],
    ["delete_containers", { expected_count: 1 }],
    ["stop_containers", { usernames: ["ci-*"] }],
    ["stop_containers", { labels: { team: "ci", keep: "" }, dry_run: true }],
  ];
  for (const [tool, args] of cases) {
    await t.step(`${tool} ${JSON.stringify(args)}`, async () => {
      const text = await refused(server, tool, { labels: { team: "" }, ...args });
      assert(/labels\.(team|keep): expected a value/.test(text), text);
    });
  }
  assertEquals([daemon.count("POST"), daemon.count("DELETE")], [0, 0]);
});

Deno.test("stop_containers shows in a dry run what would happen, and sends nothing", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const answer = await ask(server, "stop_containers", { usernames: ["ci-*"], dry_run: true });
  assertEquals(outcomes(answer), ["ci-1 planned", "ci-10 planned", "ci-2 skipped"]);
  const start = await ask(server, "start_containers", { labels: { team: "ci" }, dry_run: true });
  assertEquals(outcomes(start), ["ci-1 skipped", "ci-10 skipped", "ci-2 planned"]);
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET"), []);
});

Deno.test("stop_containers reports every mistake before it sends anything", async (t) => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const cases:
    readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
      ["a name twice, and two that cannot be", { usernames: ["ci-1", "a/b", "terminal", "ci-1"] }, [
        'usernames.1: "a/b" is not a username',
        'usernames.2: "terminal" cannot be reached',
        "usernames.3: ci-1 is named twice",
      ]],
      ["a regular expression for a pattern", { usernames: ["ci-.*"] }, [
        "is not a username pattern",
      ]],
      ["no names", { usernames: [] }, ["usernames: expected 1 to 100 usernames"]],
      ["nothing said", {}, ['usernames=["*"] for all']],
      ["a name and a selector", { usernames: ["ci-1"], state: "running" }, [
        "ci-1 is named already",
      ]],
      ["a wait that cannot be", { usernames: ["*"], wait_seconds: -1 }, [
        "wait_seconds: expected 0",
      ]],
    ];
  for (const [name, args, words] of cases) {
    await t.step(name, async () => {
      const text = await refused(server, "stop_containers", args);
      for (const word of words) assertStringIncludes(text, word);
    });
  }
  assertEquals(daemon.count("POST"), 0);
});

Deno.test("stop_containers does not fail if some containers do; each has a code and a next step", async () => {
  await using daemon = await startDaemon({
    containers: [...containers, { username: "frozen", state: "CONTAINER_STATE_FROZEN" }],
  });
  await using server = await connect(daemon);
  daemon.dropNext("POST", "after-read", "/v1/containers/ci-2/start");
  const answer = await ask(server, "start_containers", {
    usernames: ["ci-2", "alcie", "frozen", "alice"],
  });
  assertEquals(outcomes(answer), [
    "ci-2 unknown",
    "alcie failed",
    "frozen failed",
    "alice skipped",
  ]);
  assertEquals(answer.isError, false);
  assertEquals(rowOf(answer, "ci-2").code, "ambiguous");
  assertStringIncludes(rowOf(answer, "ci-2").next ?? "", "get_container");
  assertEquals(rowOf(answer, "alcie").code, "not_found");
  assertStringIncludes(rowOf(answer, "alcie").next ?? "", "Did you mean alice?");
  assertEquals(rowOf(answer, "frozen").code, "failed_precondition");
  assertStringIncludes(answer.text, "Next for alcie: Did you mean alice?");
  assertEquals(daemon.count("POST", "/v1/containers/ci-2/start"), 1, "a write is never repeated");
});

Deno.test("stop_containers fails if nothing worked, with the complete result", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  daemon.inject({
    kind: "answer",
    method: "POST",
    path: /\/stop$/,
    times: 2,
    status: 500,
    body: '{"code":2,"message":"failed to stop container: disk on fire","details":[]}',
  });
  const answer = await ask(server, "stop_containers", { usernames: ["alice", "ci-1", "nobody"] });
  assertEquals(answer.isError, true);
  assertEquals(outcomes(answer), ["alice failed", "ci-1 failed", "nobody failed"]);
  assertStringIncludes(rowOf(answer, "alice").why ?? "", "disk on fire");
  assertStringIncludes(answer.text, "Next for alice, ci-1: ");
});

Deno.test("stop_containers works on at most CONTAINARIUM_BULK_CONCURRENCY at a time, over all calls", async () => {
  const many = Array.from({ length: 8 }, (_, at) => ({ username: `u${at}` }));
  await using daemon = await startDaemon({ containers: many });
  await using server = await connect(daemon, { env: { CONTAINARIUM_BULK_CONCURRENCY: "2" } });
  const holds = many.map(({ username }) => daemon.hold("POST", `/v1/containers/${username}/stop`));
  const usernames = many.map(({ username }) => username);
  const calls = [usernames.slice(0, 4), usernames.slice(4)].map((some) =>
    ask(server, "stop_containers", { usernames: some })
  );
  const waiting: Hold[] = [];
  let look = Promise.withResolvers<void>();
  for (const hold of holds) {
    hold.reached.then(() => {
      waiting.push(hold);
      look.resolve();
    });
  }
  for (let released = 0; released < many.length; released++) {
    while (waiting.length < Math.min(2, many.length - released)) {
      await look.promise;
      look = Promise.withResolvers();
    }
    assertEquals(daemon.count("POST"), Math.min(released + 2, many.length), "two at one time");
    waiting.shift()?.release();
  }
  const totals = (await Promise.all(calls)).map(({ totals }) => totals.done);
  assertEquals([totals, daemon.count("POST")], [[4, 4], 8]);
});

Deno.test("stop_containers reports each finished container as progress", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const lines: unknown[] = [];
  server.onNotification("notifications/progress", ({ message, total }) => {
    lines.push(`${message} of ${total}`);
  });
  const usernames = ["alice", "ci-1", "ci-2", "nobody"];
  await ask(server, "stop_containers", { usernames }, { progressToken: "bulk" });
  assertEquals(lines.map(String).sort(), [
    "alice: done of 4",
    "ci-1: done of 4",
    "ci-2: skipped (it was already stopped) of 4",
    "nobody: failed (There is no nobody-container) of 4",
  ]);
});

Deno.test("stop_containers reports a container that the daemon's routes cannot reach, and stops the others", async () => {
  await using daemon = await startDaemon({ containers: [...containers, { username: "labels1" }] });
  await using server = await connect(daemon);
  const answer = await ask(server, "stop_containers", { usernames: ["*"] });
  assertEquals(answer.totals, { done: 3, skipped: 1, failed: 1 });
  const { code, why } = rowOf(answer, "labels1");
  assertEquals(code, "invalid_argument");
  assertStringIncludes(why ?? "", "cannot be reached over the daemon's REST API");
  assertEquals(daemon.state("labels1"), running);
});

Deno.test("stop_containers says which containers the token cannot see", async () => {
  await using daemon = await startDaemon({ containers });
  const token = await daemon.token({ username: "alice" });
  await using server = await connect({ url: daemon.url, token });
  const answer = await ask(server, "stop_containers", { usernames: ["alice", "ci-1"] });
  assertEquals(outcomes(answer), ["alice done", "ci-1 failed"]);
  assertEquals(rowOf(answer, "ci-1").code, "not_found");
});

Deno.test("stop_containers fails if the daemon cannot be reached", async () => {
  await using daemon = await startDaemon({ containers });
  await using server = await connect({ url: daemon.url, token: "ctnr_1234567890123456" });
  const text = await refused(server, "stop_containers", { usernames: ["*"] });
  assertStringIncludes(text, "API error (status 401)");
  assertEquals(daemon.count("POST"), 0);
});

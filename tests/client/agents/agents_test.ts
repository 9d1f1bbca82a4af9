/** What the client makes of agents and crews: the truth where the daemon answers 200 all the same. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const running = [{ username: "agent-hello-agent" }, { username: "agent-relay-agent" }];

/** Starts a daemon with containers of both agents. */
async function daemonWithAgents(): Promise<Daemon> {
  return await startDaemon({ containers: running });
}

async function refusal(work: Promise<unknown>): Promise<ContainariumError> {
  return await assertRejects(() => work, ContainariumError);
}

function posts(daemon: Daemon): readonly string[] {
  return daemon.requests.filter(({ method }) => method === "POST")
    .map(({ path, body }) => `${path} ${body}`);
}

async function stateOf(client: ContainariumClient, input: unknown) {
  const call = await client.agents.call("hello-agent", { input });
  return call.done ? call.value : undefined;
}

Deno.test("agents.list() reads what each agent does and whom it may call", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const relay = (await client.agents.list()).find(({ id }) => id === "relay-agent");
  assertEquals([relay?.capabilities, relay?.mayCall, relay?.recipeId], [
    ["relay"],
    ["hello-agent"],
    "agent-runtime",
  ]);
});

Deno.test("agents.call() returns the answer, and a task that failed as an answer", async () => {
  await using daemon = await daemonWithAgents();
  using client = await clientOf(daemon);
  const fine = { state: "completed" as const, output: '{"by":"hello-agent"}', error: undefined };
  assertEquals(await stateOf(client, { q: 1 }), fine);
  const failed = { state: "failed" as const, output: "", error: "stand-in was asked to fail" };
  assertEquals(await stateOf(client, { boom: 1 }), failed);
  assertEquals(posts(daemon), [
    '/v1/agent-skills/hello-agent/call {"inputJson":"{\\"q\\":1}"}',
    '/v1/agent-skills/hello-agent/call {"inputJson":"{\\"boom\\":1}"}',
  ]);
});

Deno.test("agents.call() tells an agent that failed from a daemon that was not reached", async (t) => {
  await using daemon = await daemonWithAgents();
  using client = await clientOf(daemon);
  for (const input of [{ http500: 1 }, { garbage: 1 }]) {
    await t.step(JSON.stringify(input), async () => {
      const { code, reason, details } = await refusal(stateOf(client, input));
      assertEquals([code, reason, details.agent], ["internal", "agent_failed", "hello-agent"]);
    });
  }
});

Deno.test("agents.call() says which agent does not run, is unknown, or may not be called", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const idle = await refusal(client.agents.call("hello-agent"));
  assertEquals([idle.code, idle.reason, idle.details.agent], [
    "failed_precondition",
    "agent_not_running",
    "hello-agent",
  ]);
  const unknown = await refusal(client.agents.call("helo-agent"));
  assertEquals([unknown.code, unknown.reason, unknown.details.meant], [
    "not_found",
    "agent_missing",
    "hello-agent",
  ]);
  assertEquals(unknown.message, "There is no agent helo-agent; did you mean hello-agent?");
  const forbidden = await refusal(client.agents.call("relay-agent", { from: "hello-agent" }));
  assertEquals([forbidden.code, forbidden.reason], ["permission_denied", "agent_not_allowed"]);
});

Deno.test("agents.call() sends nothing for a caller that the daemon does not know and would let pass", async () => {
  await using daemon = await daemonWithAgents();
  using client = await clientOf(daemon);
  const { reason } = await refusal(client.agents.call("hello-agent", { from: "nope" }));
  assertEquals([reason, posts(daemon)], ["agent_missing", []]);
});

Deno.test("agents.run() creates the container, which stays, and reports when it sends", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const sent: Promise<void>[] = [];
  const onSent = (answered: Promise<void>) => void sent.push(answered);
  const run = await client.agents.run("hello-agent", { input: "hi", onSent });
  assert(run.done);
  assertEquals([run.value.container.username, run.value.output], [
    "agent-hello-agent",
    '{"ok":true}',
  ]);
  assertEquals(sent.length, 1);
  await sent[0];
  assertEquals(posts(daemon), ['/v1/agent-skills/hello-agent/run {"inputJson":"\\"hi\\""}']);
});

Deno.test("agents.run() goes on when the wait ends, and the same call again joins it", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  daemon.inject({ kind: "latency", ms: 300 });
  assertEquals(await client.agents.run("hello-agent", { waitMs: 1 }), { done: false });
  const other = await refusal(client.agents.run("hello-agent", { input: 2, waitMs: 1 }));
  assertEquals(other.reason, "pending_with_other_arguments");
  assertEquals((await client.agents.run("hello-agent")).done, true);
  assertEquals(posts(daemon).length, 1);
});

Deno.test("agents.run() of another tenant is refused", async () => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ username: "alice" });
  using client = await clientOf(daemon, { token });
  assertEquals((await refusal(client.agents.run("hello-agent"))).reason, "other_tenant");
  assertEquals((await refusal(client.crews.run("hello-crew"))).reason, "other_tenant");
});

Deno.test("crews.run() returns a failed hop as a failed run, which getRun() reads again", async () => {
  await using daemon = await daemonWithAgents();
  using client = await clientOf(daemon);
  const run = await client.crews.run("hello-crew", { input: { boom: 1 } });
  assert(run.done);
  assertEquals([run.value.state, run.value.error], [
    "failed",
    'hop ""->"relay-agent" failed: stand-in was asked to fail',
  ]);
  assertEquals(await client.crews.getRun(run.value.id), run.value);
});

Deno.test("crews.run() polls a run that the daemon answers before its end", async () => {
  await using daemon = await daemonWithAgents();
  using client = await clientOf(daemon);
  const answer = (state: string, method: "GET" | "POST") =>
    daemon.inject({
      kind: "answer",
      method,
      status: 200,
      body: JSON.stringify({ run: { id: "crewrun-1", crewId: "hello-crew", state } }),
    });
  answer("CREW_RUN_STATE_PENDING", "POST");
  answer("CREW_RUN_STATE_COMPLETED", "GET");
  const run = await client.crews.run("hello-crew");
  assertEquals(run.done && run.value.state, "completed");
  const paths = daemon.requests.map(({ method, path }) => `${method} ${path}`);
  assertEquals(paths, ["POST /v1/crews/hello-crew/run", "GET /v1/crew-runs/crewrun-1"]);
});

Deno.test("agents and crews do not exist at a daemon that is too old for them", async () => {
  await using daemon = await startDaemon({ version: "0.6.0" });
  using client = await clientOf(daemon);
  assertEquals((await refusal(client.agents.list())).reason, "daemon_too_old");
  assertEquals((await refusal(client.crews.list())).reason, "daemon_too_old");
});

Deno.test("agents and crews have ids that cannot lead elsewhere", async (t) => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  for (const id of ["", "..", "a/b", "a%2Fb", "a b", "\u0000", "a".repeat(101)]) {
    await t.step(JSON.stringify(id), async () => {
      assertEquals((await refusal(client.agents.call(id))).code, "invalid_argument");
      assertEquals((await refusal(client.crews.getRun(id))).code, "invalid_argument");
    });
  }
  assertEquals(daemon.requests, []);
});

/** What `create_containers` says of a container that is planned, there already, or not ready. */
import { assertEquals } from "@std/assert";
import { unseenContainer } from "../../../client/containers/container.ts";
import { plan, planAnswer, renderPlan } from "../../../tools/bulk/creation_plan.ts";
import { presentStep } from "../../../tools/bulk/creation_step.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { ask, outcomes, rowOf } from "./ask.ts";

Deno.test("renderPlan() shows what is set, and nothing for what is not", () => {
  const cases = [
    [{}, ""],
    [{ recipe: "web" }, "recipe web"],
    [{ image: "images:debian/12", docker: true }, "images:debian/12, docker"],
    [{ os: "rocky_9", docker: false }, "rocky_9, no docker"],
    [{ "ttl_seconds": 5_400 }, "deleted after 1 h 30 min"],
    [{ labels: { team: "dev" } }, "team=dev"],
    [{ pool: "gpu" }, "pool gpu"],
    [{ stack: "nodejs" }, "stack nodejs"],
    [{ "post_create": 2 }, "commands of its template: 2"],
  ] as const;
  for (const [fields, text] of cases) assertEquals(renderPlan(plan.parse(fields)), text);
});

Deno.test("planAnswer() says whether containers may run inside, even where nobody asked", () => {
  const limits = { cpu: "1", memory: "1GB", disk: "5GB" };
  for (
    const [enablePodman, docker] of [[undefined, false], [false, false], [true, true]] as const
  ) {
    const options = { username: "alice", ...limits, enablePodman };
    const make = { kind: "container", options } as const;
    assertEquals(planAnswer({ username: "alice", make, postCreate: [] }).docker, docker);
  }
});

Deno.test("presentStep() names a next step only for what is deleted and can be recovered", () => {
  const alice = { ...unseenContainer("alice"), state: "running" } as const;
  const present = presentStep(alice);
  assertEquals(present.kind === "decided" && [present.row.why, present.row.next], [
    "already has a container (running); one container per user",
    undefined,
  ]);
  const deleted = presentStep({
    ...alice,
    state: "stopped",
    deletion: { deletedAt: new Date(), wasRunning: true },
    ttlExpiresAt: new Date(Date.now() + 3_600_000),
  });
  assertEquals(
    deleted.kind === "decided" && deleted.row.next,
    "undelete_container brings back what is deleted and not gone yet",
  );
});

Deno.test("create_containers says of a container that another client halted how to go on", async (t) => {
  const cases = [
    ["STOPPED", "stopped before it was ready", "start_container"],
    [
      "FROZEN",
      "frozen (paused) before it was ready",
      "stop_container with force, then start_container",
    ],
  ] as const;
  for (const [state, why, next] of cases) {
    await t.step(state, async () => {
      await using daemon = await startDaemon();
      await using server = await connect(daemon);
      const provisioning = daemon.holdPhase("provisioning", "alice");
      const post = daemon.hold("POST", "/v1/containers");
      const creating = ask(server, "create_containers", { usernames: ["alice"] });
      await post.reached;
      for (const seen of ["PROVISIONING", state]) {
        daemon.inject({
          kind: "answer",
          method: "GET",
          path: "/v1/containers/alice",
          status: 200,
          body: JSON.stringify({
            container: { username: "alice", state: `CONTAINER_STATE_${seen}` },
          }),
        });
      }
      post.release();
      const answer = await creating;
      assertEquals(outcomes(answer), ["alice unknown"]);
      const row = rowOf(answer, "alice");
      assertEquals([row.state, row.why, row.next], [state.toLowerCase(), why, next]);
      provisioning.release();
    });
  }
});

Deno.test("create_containers says of a container that is still being created how to see it", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const phase = daemon.holdPhase("creating", "alice");
  const post = daemon.hold("POST", "/v1/containers");
  const creating = ask(server, "create_containers", { usernames: ["alice"] });
  await post.reached;
  const look = daemon.hold("GET", "/v1/containers/alice");
  post.release();
  await look.reached;
  const { now } = performance;
  // The ten minutes that a creation is waited for.
  performance.now = () => now.call(performance) + 600_000;
  try {
    look.release();
    const answer = await creating;
    assertEquals(outcomes(answer), ["alice unknown"]);
    const { state, why, next } = rowOf(answer, "alice");
    assertEquals([state, why, next], [
      "creating",
      "still creating",
      "get_container shows its progress",
    ]);
  } finally {
    performance.now = now;
  }
  phase.release();
});

Deno.test("create_containers says nothing more of a container that is as it was asked for", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const answer = await ask(server, "create_containers", { usernames: ["alice"] });
  const { why, next, code, plan, post_create: commands } = rowOf(answer, "alice");
  assertEquals([why, next, code, plan, commands], Array(5).fill(undefined));
});

Deno.test("create_containers names each setting that an old daemon ignored", async () => {
  await using daemon = await startDaemon({ version: "0.3.0" });
  await using server = await connect(daemon);
  const args = { usernames: ["alice"], labels: { team: "dev" }, ttl: "1h" };
  const { why = "" } = rowOf(await ask(server, "create_containers", args), "alice");
  assertEquals(why.slice(why.indexOf("): ")), "): labels, ttl");
});

Deno.test("create_containers plans on the host that each container is to be on", async (t) => {
  await using hosts = await startTwoHosts();
  await using server = await connect(hosts.near);
  const planned = async (args: Readonly<Record<string, unknown>>) => {
    const usernames = ["alice"];
    const answer = await ask(server, "create_containers", { usernames, "dry_run": true, ...args });
    const { backend, plan } = rowOf(answer, "alice");
    return [backend, plan?.pool];
  };
  await t.step(
    "a host",
    async () => assertEquals(await planned({ backend: "far" }), ["far", undefined]),
  );
  await t.step(
    "a pool",
    async () => assertEquals(await planned({ pool: "gpu" }), [undefined, "gpu"]),
  );
  await t.step("neither", async () => assertEquals(await planned({}), [undefined, undefined]));
});

Deno.test("create_containers shows a recipe in the plan, which decides the rest", async () => {
  const resources = { cpu: "1", memory: "1GB", disk: "5GB" };
  await using daemon = await startDaemon({ recipes: [{ id: "web", resources }] });
  const templates = { app: { recipe: "web", labels: { team: "dev" } } };
  await using host = await connectWithPolicy(daemon, { templates });
  const args = { usernames: ["alice"], template: "app", "dry_run": true };
  const { cpu, memory, disk, plan } = rowOf(
    await ask(host.session, "create_containers", args),
    "alice",
  );
  assertEquals([cpu, memory, disk], ["1", "1GB", "5GB"]);
  assertEquals(plan, { recipe: "web", labels: { team: "dev" } });
});

/** Bulk creation on several hosts. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Recipe } from "../../../client/mod.ts";
import { unseenContainer } from "../../../client/containers/container.ts";
import { type Entry, spreadOut } from "../../../tools/bulk/placement.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { contextOf } from "../context.ts";
import { ask, outcomes, refused, rowOf } from "./ask.ts";

const running = "CONTAINER_STATE_RUNNING";

Deno.test("create_containers with spread picks the host with most headroom, and keeps requested places", async (t) => {
  await using hosts = await startTwoHosts({ cpus: 4 }, { cpus: 8 });
  await using server = await connect(hosts.near);
  const usernames = ["u1", "u2", "u3", "u4", "u5", "u6"];
  const args = { usernames, cpu: "2", memory: "1GB", disk: "1GB", spread: true };
  await t.step("as a dry run shows", async () => {
    const plan = await ask(server, "create_containers", { ...args, dry_run: true });
    const far = plan.containers.filter(({ backend }) => backend === "far");
    assertEquals([far.length, plan.totals.planned], [4, 6], plan.text);
    assertEquals(rowOf(plan, "u1").why, undefined, "it fits");
    const full = await ask(server, "create_containers", { ...args, cpu: "64", dry_run: true });
    assertStringIncludes(rowOf(full, "u1").why ?? "", "more than far has left");
  });
  await t.step("and is created there", async () => {
    const answer = await ask(server, "create_containers", args);
    assertEquals(answer.totals.done, 6, answer.text);
    for (const { username, backend } of answer.containers) {
      const [here, there] = [hosts.near, hosts.far].map((daemon) => daemon.state(username));
      assertEquals(backend === "far" ? [undefined, running] : [running, undefined], [here, there]);
    }
  });
  await t.step("said twice is refused", async () => {
    const text = await refused(server, "create_containers", { ...args, backend: "far" });
    assertStringIncludes(text, "Pass only one of spread, backend and pool");
  });
  await t.step("a host that is said", async () => {
    const answer = await ask(server, "create_containers", { usernames: ["v1"], backend: "far" });
    assertEquals([answer.totals.done, hosts.far.state("v1")], [1, running], answer.text);
  });
});

Deno.test("create_containers with spread does not send a lone daemon the name of its own host", async () => {
  await using daemon = await startDaemon({ cluster: "alone" });
  await using server = await connect(daemon);
  const answer = await ask(server, "create_containers", { usernames: ["alice"], spread: true });
  assertEquals([outcomes(answer), daemon.state("alice")], [["alice done"], running]);
  assertEquals(daemon.requests.some(({ body }) => body.includes("backendId")), false);
});

Deno.test("create_containers with spread keeps a pool that a template names, and takes none beside it", async () => {
  await using hosts = await startTwoHosts({ cpus: 4 }, { cpus: 8 });
  const templates = { gpu: { pool: "gpu" }, far: { backend: "far" } };
  await using host = await connectWithPolicy(hosts.near, { templates });
  const containers = [
    { username: "u1", template: "gpu" },
    { username: "u2", template: "far" },
    { username: "u3" },
  ];
  const args = { containers, spread: true, "dry_run": true };
  const plan = await ask(host.session, "create_containers", args);
  const [u1, u2, u3] = plan.containers;
  assertEquals([u1?.backend, u1?.plan?.pool], [undefined, "gpu"]);
  assertEquals([u2?.backend, u3?.plan?.pool], ["far", undefined]);
  assertEquals(typeof u3?.backend, "string");
  const usernames = ["u1"];
  for (const place of [{ pool: "gpu" }, { backend: "far" }]) {
    const text = await refused(host.session, "create_containers", {
      usernames,
      spread: true,
      ...place,
    });
    assertStringIncludes(text, "Pass only one of spread, backend and pool");
  }
});

const limits = { cpu: "64", memory: "1GB", disk: "1GB" };

function planned(username: string, backend?: string): Entry {
  const options = { username, ...limits, backend };
  return {
    kind: "planned",
    creation: { username, make: { kind: "container", options }, postCreate: [] },
    demand: { kind: "create", username, labels: {}, ...limits },
    backend,
  };
}

Deno.test("spreadOut() leaves what is there, what a recipe decides, and what has its place", async () => {
  await using hosts = await startTwoHosts({ cpus: 4 }, { cpus: 8 });
  using client = await clientOf(hosts.near);
  const web: Recipe = {
    ...{ id: "web", name: "Web", description: "A site", requiresGpu: false, limits },
    ...{ ports: [], parameters: [], postStart: [] },
  };
  const there: Entry = { kind: "present", container: unseenContainer("alice") };
  const byRecipe: Entry = {
    kind: "planned",
    creation: {
      username: "bob",
      make: { kind: "recipe", recipe: web, options: { username: "bob" } },
      postCreate: [],
    },
    demand: { kind: "create", username: "bob", labels: {}, ...limits },
  };
  const entries = [there, byRecipe, planned("carol", "near"), planned("dave")];
  const [first, second, third, fourth] = await spreadOut(entries, [], contextOf(client));
  assertEquals([first, second, third], entries.slice(0, 3));
  assertEquals(fourth?.kind === "planned" && [fourth.backend, fourth.remark], [
    "far",
    "more than far has left",
  ]);
});

Deno.test("spreadOut() does not ask for the hosts if there is nothing to place", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const entries = [planned("alice", "far")];
  assertEquals(await spreadOut(entries, [], contextOf(client)), entries);
  assertEquals(daemon.requests, []);
});

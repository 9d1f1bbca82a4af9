import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createServer } from "../../../server/mod.ts";
import { createContainers } from "../../../tools/bulk/create_containers.ts";
import { connect } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { converse } from "../../server/converse.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { testWithPty } from "../../with_pty.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { ask, outcomes, refused, rowOf } from "./ask.ts";

const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP alice@laptop";

/** Requests to create, by username. */
function creations({ requests }: Daemon): Readonly<Record<string, unknown>> {
  const bodies = requests.filter(({ method, path }) =>
    method === "POST" && path === "/v1/containers"
  )
    .map(({ body }) => JSON.parse(body));
  return Object.fromEntries(bodies.map(({ username, async: _async, ...rest }) => [username, rest]));
}

Deno.test("create_containers creates several alike, and waits until they are ready", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const answer = await ask(server, "create_containers", {
    usernames: ["alice", "bob"],
    cpu: "2",
    labels: { team: "dev" },
    ssh_keys: [` ${publicKey}\n`],
    image: "images:debian/12",
  });
  assertEquals(outcomes(answer), ["alice done", "bob done"]);
  const { state, ip_address: address } = rowOf(answer, "bob");
  assertEquals(state, "running");
  assertStringIncludes(answer.text, `bob       done    running  ${address}`);
  const { cpu, memory, disk } = rowOf(answer, "bob");
  assertEquals([cpu, memory, disk], ["2", "4GB", "50GB"], "the limits that it got");
  const alike = {
    resources: { cpu: "2", memory: "4GB", disk: "50GB" },
    sshKeys: [publicKey],
    image: "images:debian/12",
    labels: { team: "dev" },
    enablePodman: true,
  };
  assertEquals(creations(daemon), { alice: alike, bob: alike });
});

Deno.test("create_containers prefers a container's own settings to shared ones, and those to a template", async () => {
  await using daemon = await startDaemon();
  const templates = {
    small: { cpu: "1", memory: "1GB", labels: { team: "dev", size: "small" } },
    large: { cpu: "8", memory: "16GB" },
  };
  await using host = await connectWithPolicy(daemon, { templates });
  const answer = await ask(host.session, "create_containers", {
    containers: [
      { username: "alice" },
      { username: "bob", memory: "2GB", labels: { team: "ops" } },
      { username: "carol", template: "large" },
    ],
    template: "small",
    disk: "10GB",
    labels: { from: "bulk" },
  });
  assertEquals(answer.totals.done, 3, answer.text);
  const shared = { image: "images:ubuntu/24.04", enablePodman: true };
  assertEquals(creations(daemon), {
    alice: {
      ...shared,
      resources: { cpu: "1", memory: "1GB", disk: "10GB" },
      labels: { team: "dev", size: "small", from: "bulk" },
    },
    bob: {
      ...shared,
      resources: { cpu: "1", memory: "2GB", disk: "10GB" },
      labels: { team: "ops", size: "small", from: "bulk" },
    },
    carol: {
      ...shared,
      resources: { cpu: "8", memory: "16GB", disk: "10GB" },
      labels: { from: "bulk" },
    },
  });
});

Deno.test("create_containers reports every mistake before it sends anything", async (t) => {
  await using daemon = await startDaemon();
  await using host = await connectWithPolicy(daemon, { templates: { small: { cpu: "1" } } });
  const cases:
    readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
      ["names", { usernames: ["alice", "root", "Bob", "alice"] }, [
        'usernames.1: "root" is a system account',
        'usernames.2: "Bob" cannot become a Linux user',
        "usernames.3: alice is named twice",
      ]],
      [
        "limits, each with its place",
        {
          containers: [{ username: "alice", cpu: "many" }, { username: "bob", memory: "4G" }, {
            username: "alice",
            ssh_keys: ["nonsense"],
            color: "red",
          }],
        },
        [
          "containers.0.cpu: expected cores",
          "containers.1.memory: expected a size",
          "containers.2.ssh_keys.0: expected one line of a .pub file",
          "containers.2.color: unknown",
        ],
      ],
      ["a name twice", { containers: [{ username: "alice" }, { username: "alice" }] }, [
        "containers.1.username: alice is named twice",
      ]],
      ["templates", {
        containers: [{ username: "alice", template: "smal" }, { username: "bob", template: "x" }],
      }, ["alice: template: there is no template smal; did you mean small?", "bob: template: "]],
      ["neither", {}, ["Pass either usernames or containers"]],
      ["both", { usernames: ["alice"], containers: [{ username: "bob" }] }, ["Pass either"]],
      ["none", { containers: [] }, ["containers: expected 1 to 100"]],
    ];
  for (const [name, args, words] of cases) {
    await t.step(name, async () => {
      const text = await refused(host.session, "create_containers", args);
      for (const word of words) assertStringIncludes(text, word);
    });
  }
  assertEquals(daemon.count("POST"), 0);
});

Deno.test("create_containers skips users who have a container, and a dry run creates none", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const usernames = ["alice", "bob"];
  const plan = await ask(server, "create_containers", { usernames, cpu: "2", dry_run: true });
  assertEquals(outcomes(plan), ["alice skipped", "bob planned"]);
  const { cpu, memory, disk, plan: rest, why } = rowOf(plan, "bob");
  assertEquals([cpu, memory, disk, why], ["2", "4GB", "50GB", undefined]);
  assertEquals(rest, { image: "images:ubuntu/24.04", docker: true });
  assertEquals(daemon.count("POST"), 0);
  const answer = await ask(server, "create_containers", { usernames, cpu: "2" });
  assertEquals(outcomes(answer), ["alice skipped", "bob done"]);
  assertEquals(
    rowOf(answer, "alice").why,
    "already has a container (running); one container per user",
  );
});

Deno.test("create_containers takes the settings that create_container takes", async () => {
  const gitSource = "https://git.example.com/app.git";
  await using daemon = await startDaemon({
    gpus: 1,
    gitRepositories: { [gitSource]: ["main"] },
  });
  await using server = await connect(daemon);
  const answer = await ask(server, "create_containers", {
    usernames: ["alice", "bob"],
    gpus: ["0"],
    stack: "nodejs",
    monitoring: true,
    git_source: gitSource,
    git_ref: "main",
    auto_sleep_minutes: 30,
    delete_after_stopped: "1h",
  });
  assertEquals(outcomes(answer), ["alice done", "bob done"], answer.text);
  const posts = daemon.requests.filter(({ method }) => method === "POST");
  assertEquals(posts.length, 2);
  for (const { body } of posts) {
    const { gpus, stack, gitRef, ...sent } = JSON.parse(body);
    assertEquals([gpus, stack, gitRef], [["0"], "nodejs", "main"]);
    assertEquals([sent.gitSource, sent.monitoring], [gitSource, true]);
    assertEquals([sent.idleStopMinutes, sent.deleteAfterStoppedSeconds], [30, "3600"]);
  }
  // No daemon without keys encrypts a disk.
  const args = { usernames: ["carol"], encrypted: true };
  const { isError, text } = await server.call("create_containers", args);
  assert(isError);
  assertStringIncludes(text, "The daemon refused: encrypted=true requires");
});

Deno.test("create_containers refuses an unknown stack before anything is created", async () => {
  await using daemon = await startDaemon();
  await using server = await connectWithPolicy(daemon, { templates: { web: { stack: "nodjs" } } });
  const containers = [{ username: "alice" }, { username: "bob", template: "web" }];
  const answer = await server.session.call("create_containers", { containers });
  assertEquals([answer.isError, daemon.count("POST")], [true, 0]);
  assertStringIncludes(answer.text, 'There is no stack "nodjs"; did you mean nodejs?');
});

Deno.test("create_containers shows in a dry run the template's stack and number of commands", async () => {
  await using daemon = await startDaemon();
  await using server = await connectWithPolicy(daemon, {
    templates: { node: { stack: "nodejs", "post_create": ["echo secret", "touch made"] } },
  });
  const args = { usernames: ["bob"], template: "node", "dry_run": true };
  const answer = await ask(server.session, "create_containers", args);
  const { stack, post_create: commands } = rowOf(answer, "bob").plan ?? {};
  assertEquals([stack, commands], ["nodejs", 2]);
  assertStringIncludes(answer.text, "stack nodejs, commands of its template: 2");
  assert(!answer.text.includes("secret"), answer.text);
});

Deno.test("create_containers reports failed, slow and completed creations separately", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, { env: { CONTAINARIUM_BULK_CONCURRENCY: "1" } });
  daemon.failNextCreate();
  const slow = daemon.holdPhase("provisioning", "carol");
  const usernames = ["alice", "bob", "carol", "dave"];
  const answer = await ask(server, "create_containers", { usernames, wait_seconds: 3 });
  assertEquals(outcomes(answer), ["alice failed", "bob done", "carol unknown", "dave cancelled"]);
  assertEquals(rowOf(answer, "alice").code, "internal");
  assertStringIncludes(rowOf(answer, "alice").next ?? "", "the daemon's log");
  assertStringIncludes(
    rowOf(answer, "carol").next ?? "",
    'get_container(username="carol", wait_for',
  );
  assertStringIncludes(
    answer.text,
    'Next: call create_containers again for those not started: ["dave"]',
  );

  slow.release();
  await server.whenStderr("create_containers, after its answer: carol: done");
  const again = await ask(server, "create_containers", { usernames: ["carol", "dave"] });
  assertEquals(outcomes(again), ["carol skipped", "dave done"]);
});

Deno.test("create_containers looks for a container whose response was lost, and never sends it again", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, { env: { CONTAINARIUM_BULK_CONCURRENCY: "1" } });
  daemon.dropNext("POST", "after-read", "/v1/containers");
  const found = await ask(server, "create_containers", { usernames: ["alice", "bob"] });
  assertEquals(outcomes(found), ["alice done", "bob done"]);
  daemon.dropNext("POST", "before-read", "/v1/containers");
  const lost = await ask(server, "create_containers", { usernames: ["carol", "dave"] });
  assertEquals(outcomes(lost), ["carol unknown", "dave done"]);
  assertEquals(rowOf(lost, "carol").code, "ambiguous");
  assertEquals(Object.keys(creations(daemon)), ["alice", "bob", "dave"]);
});

Deno.test("create_containers reports for each container what an old daemon ignored", async () => {
  await using daemon = await startDaemon({ version: "0.3.0" });
  await using server = await connect(daemon);
  const args = { usernames: ["alice", "bob"], labels: { team: "dev" } };
  const answer = await ask(server, "create_containers", args);
  assertEquals(outcomes(answer), ["alice done", "bob done"]);
  assertStringIncludes(
    rowOf(answer, "bob").why ?? "",
    "not set (the daemon is too old or lacks what it needs, the address is taken, or it is on another host): labels",
  );
  const stop = await ask(server, "stop_containers", { usernames: ["alice", "bob"] });
  assertEquals(stop.containers.map(({ code }) => code), ["unsupported", "unsupported"]);
  assertEquals(stop.isError, true);
});

testWithPty(
  "create_containers runs a template's commands in each, and reports failures",
  async () => {
    await using daemon = await startDaemon({ shell: {} });
    const templates = {
      web: { post_create: ['test "$USER" = alice && echo fine', "touch made"] },
    };
    await using host = await connectWithPolicy(daemon, { templates });
    const answer = await ask(host.session, "create_containers", {
      usernames: ["alice", "bob"],
      template: "web",
    });
    assertEquals(outcomes(answer), ["alice done", "bob done"], answer.text);
    assertEquals(rowOf(answer, "alice").post_create, undefined);
    const [failed, notRun] = rowOf(answer, "bob").post_create ?? [];
    assertEquals([failed?.exit_code, notRun?.command, notRun?.exit_code], [
      1,
      "touch made",
      undefined,
    ]);
    assertStringIncludes(answer.text, "bob:\nexit 1: test");
    assertStringIncludes(answer.text, "Next for bob: use run_command for what failed");
  },
);

Deno.test("create_containers shows each container's settings in a dry run, defaults included", async () => {
  await using daemon = await startDaemon({ storageDriver: "zfs", cpus: 8 });
  const templates = {
    base: { os: "rocky_9", ttl: "8h", labels: { team: "dev" }, enable_docker: false },
  };
  await using host = await connectWithPolicy(daemon, { templates });
  const answer = await ask(host.session, "create_containers", {
    containers: [{ username: "alice", template: "base" }, { username: "bob", memory: "2GB" }],
    dry_run: true,
  });
  const [alice, bob] = [rowOf(answer, "alice"), rowOf(answer, "bob")];
  assertEquals([alice.cpu, alice.memory, alice.disk], ["4", "4GB", "50GB"]);
  assertEquals(alice.plan, {
    os: "rocky_9",
    docker: false,
    ttl_seconds: 28_800,
    labels: { team: "dev" },
  });
  assertEquals([bob.memory, bob.plan], ["2GB", { image: "images:ubuntu/24.04", docker: true }]);
  assertStringIncludes(answer.text, "rocky_9, no docker, deleted after 8 h, team=dev");
  assertEquals(daemon.count("POST"), 0);
});

Deno.test("create_containers warns, also in a dry run, if the host has less than requested", async (t) => {
  const usernames = ["alice", "bob", "carol", "dave", "erin", "fred", "gail"];
  const wanted = { containers: usernames.map((username) => ({ username })), cpu: "64" };
  const cpus = "The host has 2 CPUs, so 64 gives no more than that.";
  for (const dryRun of [true, false]) {
    await t.step(dryRun ? "the plan" : "the answer", async () => {
      await using daemon = await startDaemon();
      await using server = await connect(daemon);
      const answer = await ask(server, "create_containers", { ...wanted, dry_run: dryRun });
      const [tooMany, disk, key, ...rest] = answer.warnings ?? [];
      assertEquals([tooMany, rest], [cpus, []]);
      assertStringIncludes(`${disk}`, "The disk limit is not enforced");
      assertStringIncludes(`${key}`, "No SSH key was given");
      assertStringIncludes(answer.text, cpus);
    });
  }
  await t.step("by name, where it is true of some only", async () => {
    await using daemon = await startDaemon({ storageDriver: "zfs" });
    await using server = await connect(daemon);
    const containers = usernames.map((username) => ({
      username,
      cpu: username === "alice" ? "1" : "64",
      ssh_keys: [publicKey],
    }));
    const plan = await ask(server, "create_containers", { containers, dry_run: true });
    assertEquals(plan.warnings, [`bob, carol, dave, erin, fred and 1 more: ${cpus}`]);
  });
});

Deno.test("create_containers lists containers and recipes once, and reads the policy once", async () => {
  await using hosts = await startTwoHosts({
    recipes: [{ id: "web", resources: { cpu: "1", memory: "1GB", disk: "5GB" } }],
  });
  let reads = 0;
  const policy = JSON.stringify({
    templates: { app: { recipe: "web" } },
    quotas: { teams: { dev: { cpu: 20 } } },
  });
  const server = createServer({
    serverUrl: hosts.near.url,
    token: await hosts.near.token(),
    policy: () => (reads++, Promise.resolve(policy)),
  });
  await using client = converse((input, output) => server.serve(input, output));
  await client.initialize();
  const before = reads;
  const created = await client.request("tools/call", {
    name: "create_containers",
    arguments: {
      containers: [
        ...["a", "b", "c"].map((username) => ({ username, cpu: "1" })),
        ...["d", "e"].map((username) => ({ username, template: "app" })),
      ],
      labels: { team: "dev" },
      spread: true,
    },
  });
  const { totals } = createContainers.output.parse(created.result?.structuredContent);
  assertEquals([totals, reads - before], [{ done: 5 }, 1]);
  const requests = hosts.near.requests.map(({ method, path }) => `${method} ${path}`);
  const first = requests.findIndex((line) => line.startsWith("POST"));
  const count = (line: string) => requests.slice(0, first).filter((one) => one === line).length;
  assertEquals([count("GET /v1/containers"), count("GET /v1/recipes")], [1, 1]);
});

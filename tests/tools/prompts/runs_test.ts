/** Each runbook, carried out as it is written, does to the daemon what it says. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect, type Session } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import { clientOf } from "../../client/connect.ts";
import { carryOut, type MadeCall } from "./carry_out.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHnkwGtrLkdTPwG7yhOW4NTJ1gQq2n2tW1eUZ1Yc1eYh";

/** A user who agrees to everything that is asked. */
function agreeing(server: Session): readonly string[] {
  const asked: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    asked.push(`${message}`);
    return { action: "accept", content: { confirm: true } };
  });
  return asked;
}

function connectAsking(daemon: Daemon): Promise<Session> {
  return connect(daemon, { capabilities: { elicitation: { form: {} } } });
}

function assertNoneFailed(made: readonly MadeCall[]): void {
  const failed = made.filter(({ result }) => result.isError)
    .map(({ tool, args, result }) => `${tool}(${JSON.stringify(args)}): ${result.text}`);
  assertEquals(failed, []);
}

function toolsIn(made: readonly MadeCall[]): readonly string[] {
  return made.map(({ tool }) => tool);
}

function isChange({ method }: { readonly method: string }): boolean {
  return method !== "GET";
}

testWithPty(
  "onboard-team gives each member a container with the label, and their key",
  async () => {
    await using daemon = await startDaemon({
      shell: {},
      containers: [{ username: "alice", labels: { team: "web" } }],
    });
    await using server = await connect(daemon);
    const args = { team: "data", usernames: "bob, carol, bob" };
    const made = await carryOut(daemon, server, "onboard-team", args, [
      { "<member>": "bob", "<the member's public key>": `${key} bob` },
      { "<member>": "carol", "<the member's public key>": `${key} carol` },
    ]);
    assertNoneFailed(made);
    using client = await clientOf(daemon);
    const team = await client.containers.list({ labels: { team: "data" } });
    assertEquals(team.map(({ username, state }) => [username, state]), [
      ["bob", "running"],
      ["carol", "running"],
    ]);
    assertStringIncludes((await server.call("list_ssh_keys", { username: "carol" })).text, "carol");
    assertEquals((await client.containers.list()).length, 3);
  },
);

Deno.test("usage-report reads, and changes nothing", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon, { args: ["--read-only"] });
  for (const args of [{}, { username: "alice" }]) {
    const made = await carryOut(daemon, server, "usage-report", args);
    assertNoneFailed(made);
    assert(made.length >= 4);
  }
  assertEquals(daemon.requests.filter(isChange), []);
});

testWithPty(
  "troubleshoot-container finds the error, keeps a way back, and restarts it",
  async () => {
    const message = "FATAL: no space left for the log";
    await using daemon = await startDaemon({
      zfs: true,
      containers: [{ username: "alice" }],
      shell: { journal: [{ message, unit: "postgresql.service", priority: 2 }] },
    });
    await using server = await connectAsking(daemon);
    agreeing(server);
    const args = { username: "alice", symptom: "the database is away" };
    const made = await carryOut(daemon, server, "troubleshoot-container", args);
    assertNoneFailed(made);
    assertEquals(toolsIn(made), [
      "get_container",
      "get_metrics",
      "get_logs",
      "run_command",
      "create_snapshot",
      "restart_container",
      "get_container",
      "get_logs",
    ]);
    assertStringIncludes(made[2]?.result.text ?? "", message);
    assertStringIncludes(made[3]?.result.text ?? "", "Filesystem");
    using client = await clientOf(daemon);
    assertEquals((await client.snapshots.list("alice")).map(({ name }) => name), ["before-fix"]);
    assertEquals((await client.containers.get("alice")).state, "running");
    assert(daemon.requests.some(({ path }) => path.endsWith("/alice/stop")));
  },
);

testWithPty(
  "clean-up-idle stops, puts to sleep and deletes just what the user picked",
  async () => {
    await using daemon = await startDaemon({
      shell: {},
      containers: ["busy", "idle", "sleepy", "old"].map((username) => ({
        username,
        labels: { team: "web" },
      })),
    });
    await using server = await connectAsking(daemon);
    const asked = agreeing(server);
    const made = await carryOut(daemon, server, "clean-up-idle", { team: "web" }, [
      { "<owner of an idle one>": "idle" },
      { "<owner of an idle one>": "old" },
      { "<owners to stop>": ["idle"] },
      { "<owner to put to sleep>": "sleepy" },
      { "<owners to delete>": ["old"] },
    ]);
    assertNoneFailed(made);
    using client = await clientOf(daemon);
    const left = await client.containers.list();
    assertEquals(
      left.map(({ username, state, autoSleepMinutes }) => [username, state, autoSleepMinutes]),
      [
        ["busy", "running", undefined],
        ["idle", "stopped", undefined],
        ["sleepy", "running", 60],
      ],
    );
    assert(asked.some((question) => question.includes("old")), asked.join("\n"));
  },
);

Deno.test("lifecycle-check keeps, releases and protects just what the user picked", async () => {
  await using daemon = await startDaemon({
    zfs: true,
    containers: ["longer", "forever", "precious", "passing"].map((username) => ({
      username,
      ttlSeconds: 3_600,
    })),
  });
  await using server = await connectAsking(daemon);
  agreeing(server);
  const made = await carryOut(daemon, server, "lifecycle-check", {}, [
    { "<owner of one of those>": "longer" },
    { "<owner of what is deleted soon>": "passing" },
    { "<owner to keep longer>": "longer" },
    { "<owner to keep for good>": "forever" },
    { "<owner to protect>": "precious" },
  ]);
  assertNoneFailed(made);
  using client = await clientOf(daemon);
  const hours = (time: Date | undefined) =>
    time === undefined ? undefined : Math.round((time.getTime() - Date.now()) / 3_600_000);
  const left = await client.containers.list();
  assertEquals(
    Object.fromEntries(
      left.map((one) => [one.username, [hours(one.ttlExpiresAt), one.isProtected]]),
    ),
    {
      longer: [168, false],
      forever: [undefined, false],
      precious: [1, true],
      passing: [1, false],
    },
  );
});

testWithPty("snapshot-before-change changes what was asked for, and rolls back", async (t) => {
  await using daemon = await startDaemon({
    zfs: true,
    shell: {},
    containers: [{ username: "alice" }],
  });
  await using server = await connectAsking(daemon);
  const asked = agreeing(server);
  const args = { username: "alice", change: "make a file called new" };
  const made = await carryOut(daemon, server, "snapshot-before-change", args, [
    { "<the change's commands>": "touch new; ls" },
  ]);
  assertNoneFailed(made);
  const at = (tool: string) => made.find((one) => one.tool === tool)?.result.text ?? "";
  await t.step("the snapshot comes before the change", () => {
    const order = toolsIn(made);
    assert(order.indexOf("create_snapshot") < order.indexOf("run_command"));
    assertStringIncludes(at("create_snapshot"), "before-change");
    assertStringIncludes(at("run_command"), "\nnew\n");
  });
  await t.step("the rollback undoes it, and the snapshot goes last", async () => {
    const { text } = await server.call("run_command", { username: "alice", command: "ls" });
    assert(!text.includes("new"), text);
    using client = await clientOf(daemon);
    assertEquals(await client.snapshots.list("alice"), []);
    assertEquals(asked.length, 2, asked.join("\n"));
  });
});

testWithPty("deploy-app makes a recipe, a stack or an operating system run", async (t) => {
  await using daemon = await startDaemon({
    shell: { podman: { web: "listening\n" } },
    recipes: [{ id: "web" }],
  });
  await using server = await connect(daemon);
  const creations = ["create_from_recipe", "create_container", "install_stack"];
  const cases: readonly (readonly [app: string, username: string, tools: readonly string[]])[] = [
    ["web", "alice", ["create_from_recipe"]],
    ["nodejs", "bob", ["create_container", "install_stack"]],
    ["rocky_9", "carol", ["create_container"]],
  ];
  for (const [app, username, tools] of cases) {
    await t.step(app, async () => {
      const made = await carryOut(daemon, server, "deploy-app", { app, username }, [
        { "<parameters as the user chose, {} for none>": {} },
      ]);
      const [, before, ...rest] = made;
      assertEquals([before?.tool, before?.result.code], ["get_container", "not_found"]);
      assertNoneFailed(rest);
      assertEquals(toolsIn(made).filter((tool) => creations.includes(tool)), tools);
      using client = await clientOf(daemon);
      assertEquals((await client.containers.get(username)).state, "running");
    });
  }
});

/** The options of a creation that few need: what is refused, what is sent, and what took effect. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError, type CreateOptions } from "../../../client/mod.ts";
import { type DaemonOptions, startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { clientOf } from "../connect.ts";

const gitSource = "https://git.example.com/app.git";

/** Everything that a daemon of today with a collector and a GPU can do. */
const options: CreateOptions = {
  username: "alice",
  gpus: ["0"],
  monitoring: true,
  gitSource,
  gitRef: "main",
  autoSleepMinutes: 30,
  deleteAfterStoppedSeconds: 3_600,
};
const able: DaemonOptions = {
  gpus: 1,
  coreServices: ["otelcollector"],
  gitRepositories: { [gitSource]: ["main"] },
};

Deno.test("create() refuses options that the daemon would misread, and sends nothing", async (t) => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const cases: readonly (readonly [string, Partial<CreateOptions>, string])[] = [
    ["an option of git", { gitSource: "--upload-pack=x" }, "expected the URL of a Git repository"],
    [
      "a transport that runs a program",
      { gitSource: "ext::sh -c id" },
      "expected the URL of a Git",
    ],
    ["a path", { gitSource: "/etc" }, "expected the URL of a Git repository"],
    ["two words", { gitSource: "https://a/b c" }, "expected the URL of a Git repository"],
    ["a password", { gitSource: "https://u:secret@a/b" }, "expected no password or token"],
    ["a token", { gitSource: "https://ghp_0123@a/b" }, "expected no password or token"],
    ["a ref alone", { gitRef: "main" }, "the daemon ignores it alone"],
    ["a path alone", { workspacePath: "/work" }, "the daemon ignores it alone"],
    ["an option as ref", { gitSource, gitRef: "-x" }, "expected the name of a branch"],
    ["two refs", { gitSource, gitRef: "a:b" }, "expected the name of a branch"],
    ["a GPU's model", { gpus: ["nvidia"] }, "expected an index"],
  ];
  for (const [what, given, words] of cases) {
    await t.step(what, async () => {
      const error = await assertRejects(
        () => client.containers.create({ username: "alice", ...given }),
        ContainariumError,
      );
      assertEquals([error.code, daemon.requests.length], ["invalid_argument", 0]);
      assertStringIncludes(error.message, words);
      assert(!error.message.includes("secret"));
    });
  }
});

Deno.test("create() sends the options that were asked for, and reads them back", async () => {
  await using daemon = await startDaemon(able);
  using client = await clientOf(daemon);
  const { ready, container, ignored } = await client.containers.create(options);
  assertEquals([ready, ignored], [true, []]);
  assertEquals(
    [container.gpus, container.isMonitored, container.autoSleepMinutes],
    [["0"], true, 30],
  );
  assertEquals(container.deleteAfterStoppedSeconds, 3_600);
  const body = JSON.parse(daemon.requests.find(({ method }) => method === "POST")?.body ?? "");
  assertEquals(Object.keys(body).sort(), [
    "async",
    "deleteAfterStoppedSeconds",
    "gitRef",
    "gitSource",
    "gpus",
    "idleStopMinutes",
    "monitoring",
    "username",
  ]);
});

Deno.test("create() returns what did not take effect", async (t) => {
  await t.step("monitoring without a collector", async () => {
    await using daemon = await startDaemon({ ...able, coreServices: [] });
    using client = await clientOf(daemon);
    assertEquals((await client.containers.create(options)).ignored, ["monitoring"]);
  });
  await t.step("a daemon of 0.6, which ignores unknown fields", async () => {
    await using daemon = await startDaemon({ version: "0.6.0" });
    using client = await clientOf(daemon);
    const { ignored } = await client.containers.create({
      ...options,
      stack: "nodejs",
      encrypted: true,
    });
    assertEquals(ignored, [
      "gpus",
      "stack",
      "monitoring",
      "encryption",
      "git_source",
      "auto_sleep",
      "delete_after_stopped",
    ]);
  });
  await t.step("an address that another container has", async () => {
    await using daemon = await startDaemon({
      containers: [{ username: "bob", ipAddress: "10.77.0.200" }],
    });
    using client = await clientOf(daemon);
    const create = (username: string, staticIp: string) =>
      client.containers.create({ username, staticIp });
    assertEquals((await create("alice", "10.77.0.200")).ignored, ["static_ip"]);
    assertEquals((await create("carol", "10.77.0.201")).ignored, []);
  });
  await t.step("another host, to which the daemon passes only some on", async () => {
    await using hosts = await startTwoHosts({}, { gpus: 1 });
    using client = await clientOf(hosts.near);
    const { ignored } = await client.containers.create({ ...options, backend: "far" });
    assertEquals(ignored, ["monitoring", "git_source", "auto_sleep", "delete_after_stopped"]);
  });
});

Deno.test("create() reports that a daemon without keys refuses an encrypted disk", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const error = await assertRejects(
    () => client.containers.create({ username: "alice", encrypted: true }),
    ContainariumError,
  );
  assertEquals(error.code, "failed_precondition");
  assertStringIncludes(error.message, "KeyProvider");
});

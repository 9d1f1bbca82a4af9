import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createContainer } from "../../../tools/containers/create_container.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP alice@laptop";

Deno.test("create_container uses the vendor's defaults and waits until the container is ready", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);

  const answer = await server.call("create_container", { username: "alice" });

  const { ready, container } = createContainer.output.parse(answer.structuredContent);
  assertEquals(ready, true);
  assertEquals(
    [container.username, container.state, container.cpu, container.memory, container.disk],
    ["alice", "running", "4", "4GB", "50GB"],
  );
  assertStringIncludes(answer.text, `ip_address: ${container.ip_address}`);
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
  const post = daemon.requests.find(({ method }) => method === "POST");
  assertEquals(JSON.parse(post?.body ?? ""), {
    username: "alice",
    async: true,
    resources: { cpu: "4", memory: "4GB", disk: "50GB" },
    image: "images:ubuntu/24.04",
    enablePodman: true,
  });
});

Deno.test("create_container sends what was requested, and no more", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const answer = await server.call("create_container", {
    username: "bob",
    cpu: "0.5",
    memory: "512MiB",
    disk: "5GB",
    ssh_keys: [` ${publicKey}\n`],
    image: "images:debian/12",
    enable_docker: false,
  });
  assertEquals(answer.isError, false, answer.text);
  const post = daemon.requests.find(({ method }) => method === "POST");
  assertEquals(JSON.parse(post?.body ?? ""), {
    username: "bob",
    async: true,
    resources: { cpu: "0.5", memory: "512MiB", disk: "5GB" },
    sshKeys: [publicKey],
    image: "images:debian/12",
  });
});

Deno.test("create_container warns if the host has less than requested", async (t) => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] =
    [
      ["the default of 4 CPUs", {}, ["The host has 2 CPUs, so 4 gives no more than that."]],
      ["a set of CPUs", { cpu: "0-3" }, ["The host has 2 CPUs, so 0-3 gives no more than that."]],
      ["more of all", { cpu: "64", memory: "64GB", disk: "1TB" }, [
        "The host has 2 CPUs, so 64 gives no more than that.",
        "The host has 25.8 GB of memory, so 64GB gives no more than that.",
        "The host has 271 GB of disk, so 1TB gives no more than that.",
      ]],
      ["no more than there is", { cpu: "2", memory: "50%" }, []],
    ];
  for (const [name, limits, warnings] of cases) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ storageDriver: "zfs" });
      await using server = await connect(daemon);
      const answer = await server.call("create_container", { username: "alice", ...limits });
      const output = createContainer.output.parse(answer.structuredContent);
      assertEquals(output.warnings ?? [], warnings);
      for (const warning of warnings) assertStringIncludes(answer.text, warning);
    });
  }
  await t.step("not to a user, who cannot see the host", async () => {
    await using daemon = await startDaemon();
    const token = await daemon.token({ username: "alice" });
    await using server = await connect({ url: daemon.url, token });
    const answer = await server.call("create_container", { username: "alice", cpu: "64" });
    assertEquals(createContainer.output.parse(answer.structuredContent).warnings, undefined);
  });
});

Deno.test("create_container says how to log in, or that nobody can yet", async (t) => {
  const withKey = { username: "alice", "ssh_keys": [publicKey] };
  const create = async (sshHost: string, args: Readonly<Record<string, unknown>>) => {
    await using daemon = await startDaemon({ sshHost, cpus: 8, storageDriver: "zfs" });
    await using server = await connect(daemon);
    const { text, structuredContent } = await server.call("create_container", args);
    return { text, ...createContainer.output.parse(structuredContent) };
  };
  await t.step("by its address, on the host's network", async () => {
    const { ssh, next, container, text } = await create("", withKey);
    assertEquals([ssh, next], [`ssh alice@${container.ip_address}`, undefined]);
    assertStringIncludes(text, `ssh: ${ssh} (from the host's network)`);
  });
  await t.step("through the sentinel", async () => {
    const { ssh, text } = await create("ssh.example.com", withKey);
    assertEquals(ssh, "ssh alice@ssh.example.com");
    assertStringIncludes(text, "\nssh: ssh alice@ssh.example.com");
  });
  await t.step("without a key", async () => {
    const { ssh, next, text } = await create("", { username: "alice" });
    assertEquals(ssh, undefined);
    assertEquals(next?.length, 1);
    assertStringIncludes(text, "Next: no SSH key was given, so nobody can log in yet: ");
    assertStringIncludes(text, 'add_ssh_key(username="alice", public_key=…)');
  });
  await t.step("a host that is not one word in a shell", async () => {
    assertEquals((await create("x; rm -rf /", withKey)).ssh, undefined);
  });
});

Deno.test("create_container creates three containers concurrently", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const usernames = ["alice", "bob", "carol"];
  const holds = usernames.map((username) => daemon.holdPhase("creating", username));
  const calls = usernames.map((username) => server.call("create_container", { username }));
  await Promise.all(holds.map(({ reached }) => reached));
  holds.forEach((hold) => hold.release());
  for (const { isError, text } of await Promise.all(calls)) assertEquals(isError, false, text);
});

Deno.test("create_container explains each refusal", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using server = await connect(daemon);
  const refusal = async (args: Readonly<Record<string, unknown>>): Promise<string> => {
    const { isError, text, structuredContent } = await server.call("create_container", args);
    assertEquals(isError, true, text);
    assertEquals(structuredContent, undefined);
    return text;
  };

  await t.step("bad arguments, each with its path, nothing sent", async () => {
    const text = await refusal({
      username: "Alice Smith",
      cpu: "many",
      memory: "4G",
      ssh_keys: ["nonsense"],
      color: "red",
    });
    assertStringIncludes(text, 'username: "Alice Smith" is not a username');
    assertStringIncludes(text, 'cpu: expected cores ("4", "0.5")');
    assertStringIncludes(text, "memory: expected a size");
    assertStringIncludes(text, "ssh_keys.0: expected one line of a .pub file");
    assertStringIncludes(text, "color: unknown argument; known: username, cpu");
    assertEquals(daemon.requests.length, 0);
  });
  await t.step("no username", async () => {
    assertStringIncludes(await refusal({}), "username: ");
  });
  await t.step("a container that is there", async () => {
    const text = await refusal({ username: "alice" });
    assertStringIncludes(text, "alice already has a container (running)");
    assertEquals(text.split("one container per user").length, 2, text);
    assertStringIncludes(text, "get_container");
    assertEquals(daemon.count("POST"), 0);
  });
  await t.step("a name that routing would swallow", async () => {
    assertStringIncludes(await refusal({ username: "terminal" }), "/terminal");
  });
  await t.step("a creation that fails on the host", async () => {
    daemon.failNextCreate();
    assertStringIncludes(
      await refusal({ username: "bob" }),
      "could not create the container for bob",
    );
  });
  await t.step("an answer that is lost, and no container to be seen", async () => {
    daemon.dropNext("POST", "before-read", "/v1/containers");
    const before = daemon.count("POST");
    const text = await refusal({ username: "carol" });
    assertStringIncludes(text, "may have been carried out");
    assertStringIncludes(text, "get_container");
    assertEquals(daemon.count("POST"), before, "a write is never sent twice");
  });
});

Deno.test("create_container is refused by a host that has no CPU left", async () => {
  await using daemon = await startDaemon({ cpus: 2, cpuOvercommitFactor: 1 });
  await using server = await connect(daemon);
  const answer = await server.call("create_container", { username: "alice", cpu: "4" });
  const { isError, reason, text } = answer;
  assertEquals(isError, true);
  assert(/^The daemon refused: CPU capacity exceeded/.test(text), text);
  assertEquals(reason, "cpu_exhausted");
});

Deno.test("create_container says what to do about an unknown host, pool or image, and a reserved name", async (t) => {
  await using daemon = await startDaemon({ cluster: {} });
  await using server = await connect(daemon);
  const cases: readonly (readonly [Readonly<Record<string, string>>, string, string])[] = [
    [{ backend: "nosuch" }, "unknown_backend", "Next: Call list_backends"],
    [{ pool: "nosuch" }, "no_healthy_backend", "Next: Call list_backends"],
    [
      { image: "ubuntu-24" },
      "creation_failed",
      "Next: Check image (images:<distribution>/<release>",
    ],
    [{ image: "images:nosuch/99" }, "creation_failed", "Next: Check image"],
    [{ username: "root" }, "", "Choose another, such as root1"],
  ];
  for (const [args, reason, next] of cases) {
    await t.step(JSON.stringify(args), async () => {
      const answer = await server.call("create_container", { username: "alice", ...args });
      assertEquals([answer.isError, answer.reason ?? ""], [true, reason], answer.text);
      assertStringIncludes(answer.text, next);
    });
  }
});

Deno.test("create_container takes GPUs, a repository, auto-sleep and a deletion after a stop", async () => {
  const gitSource = "https://git.example.com/app.git";
  await using daemon = await startDaemon({ gpus: 1, gitRepositories: { [gitSource]: ["main"] } });
  await using server = await connect(daemon);
  const { isError, text, structuredContent } = await server.call("create_container", {
    username: "alice",
    gpus: "0",
    git_source: gitSource,
    git_ref: "main",
    monitoring: true,
    auto_sleep_minutes: 30,
    delete_after_stopped: "1h",
  });
  assertEquals(isError, false, text);
  const { container, ignored } = createContainer.output.parse(structuredContent);
  assertEquals([container.gpus, container.auto_sleep_minutes], [["0"], 30]);
  assertEquals(container.delete_after_stopped_seconds, 3_600);
  assertEquals(ignored, ["monitoring"]);
  assertStringIncludes(text, "Not set: monitoring.");
  assertStringIncludes(text, "a collector of metrics");
});

Deno.test("create_container refuses an unknown stack before anything is created", async (t) => {
  await t.step("and says which may be meant", async () => {
    await using daemon = await startDaemon();
    await using server = await connect(daemon);
    const args = { username: "alice", stack: "nodjs" };
    const { isError, text } = await server.call("create_container", args);
    assertEquals([isError, daemon.count("POST")], [true, 0]);
    assertStringIncludes(text, 'There is no stack "nodjs"; did you mean nodejs?');
    assertStringIncludes(text, "list_templates");
  });
  await t.step("but not a base script, which the daemon does not list", async () => {
    await using daemon = await startDaemon();
    await using server = await connect(daemon);
    const args = { username: "alice", stack: "ntp" };
    assertEquals((await server.call("create_container", args)).isError, false);
  });
  await t.step("nor one for another host, which may have other stacks", async () => {
    await using daemon = await startDaemon({ cluster: { peers: [{ id: "gpu-1" }] } });
    await using server = await connect(daemon);
    await server.call("create_container", { username: "alice", stack: "ours", backend: "gpu-1" });
    assertEquals(daemon.count("POST"), 1);
  });
  await t.step("nor where the daemon is too old to list them", async () => {
    await using daemon = await startDaemon({ version: "0.6.0" });
    await using server = await connect(daemon);
    const args = { username: "alice", stack: "nodejs" };
    assertEquals((await server.call("create_container", args)).isError, false);
  });
});

Deno.test("create_container refuses a repository that git would read as an option, and a ref alone", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const ask = async (args: Record<string, string>) => {
    const answer = await server.call("create_container", { username: "alice", ...args });
    assertEquals(answer.isError, true);
    return answer.text;
  };
  assertStringIncludes(
    await ask({ git_source: "--upload-pack=id" }),
    "git_source: expected the URL",
  );
  assertStringIncludes(await ask({ git_ref: "main" }), "git_ref: expected git_source with it");
  assertEquals(daemon.count("POST"), 0);
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tools } from "../../../mod.ts";
import { renderPostCreate } from "../../../tools/creation/post_create.ts";
import { createContainer } from "../../../tools/containers/create_container.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import { connectWithPolicy } from "../../with_policy.ts";

const policy = {
  templates: {
    base: { cpu: "2", memory: "1GB", labels: { team: "dev", tier: "low" }, ttl: "8h" },
    web: { extends: "base", description: "A web box", disk: "20GB", os: "rocky_9" },
  },
};

/** Returns the requests to create. */
function bodies(daemon: Awaited<ReturnType<typeof startDaemon>>): readonly unknown[] {
  return daemon.requests.filter(({ method, path }) =>
    method === "POST" && path === "/v1/containers"
  )
    .map(({ body }) => JSON.parse(body));
}

Deno.test("create_container uses a template; arguments take precedence", async (t) => {
  await using daemon = await startDaemon();
  await using host = await connectWithPolicy(daemon, policy);
  const { session } = host;
  await t.step("the template, its parent, and the daemon's defaults", async () => {
    const args = { username: "alice", template: "web" };
    const { isError, text } = await session.call("create_container", args);
    assertEquals(isError, false, text);
    assertEquals(bodies(daemon)[0], {
      username: "alice",
      async: true,
      resources: { cpu: "2", memory: "1GB", disk: "20GB" },
      osType: "OS_TYPE_ROCKY_9",
      labels: { team: "dev", tier: "low" },
      ttlSeconds: "28800",
      enablePodman: true,
    });
  });
  await t.step("arguments take precedence, labels are merged", async () => {
    const args = {
      username: "bob",
      template: "web",
      cpu: "1",
      image: "images:debian/12",
      labels: { tier: "high" },
      "enable_docker": false,
    };
    const { text } = await session.call("create_container", args);
    assertEquals(bodies(daemon)[1], {
      username: "bob",
      async: true,
      resources: { cpu: "1", memory: "1GB", disk: "20GB" },
      image: "images:debian/12",
      labels: { team: "dev", tier: "high" },
      ttlSeconds: "28800",
    }, text);
  });
  await t.step(
    "every listed default at once is what a client filled in, as mcp-use does",
    async () => {
      const listed = tools.find(({ name }) => name === "create_container");
      const filled = Object.entries(listed?.inputSchema.properties ?? {}).flatMap((
        [name, schema],
      ) =>
        schema !== null && typeof schema === "object" && "default" in schema
          ? [[name, schema.default]]
          : []
      );
      assert(filled.length >= 5);
      const args = { ...Object.fromEntries(filled), username: "bea", template: "web" };
      const { text } = await session.call("create_container", args);
      assertEquals(bodies(daemon)[2], {
        username: "bea",
        async: true,
        resources: { cpu: "2", memory: "1GB", disk: "20GB" },
        osType: "OS_TYPE_ROCKY_9",
        labels: { team: "dev", tier: "low" },
        ttlSeconds: "28800",
        enablePodman: true,
      }, text);
    },
  );
  await t.step("an unknown template, with the one that was meant", async () => {
    const args = { username: "carol", template: "wev" };
    const { isError, text } = await session.call("create_container", args);
    assertEquals(isError, true);
    assertStringIncludes(text, "there is no template wev; did you mean web?");
  });
  await t.step("a new version of the file takes effect at once", async () => {
    await host.write({ templates: { web: { cpu: "1", stack: "nodejs" } } });
    const answer = await session.call("create_container", { username: "dave", template: "web" });
    assertEquals(createContainer.output.parse(answer.structuredContent).stack, "nodejs");
    assertStringIncludes(answer.text, "\nstack: nodejs");
    const [, , , body] = bodies(daemon);
    assert(typeof body === "object" && body !== null && "stack" in body);
    assertEquals(body.stack, "nodejs");
  });
  await t.step("a bad version keeps the old, and warns", async () => {
    await host.write({ templates: { web: { cpu: "lots" } } });
    await session.call("create_container", { username: "erin", template: "web" });
    await session.whenStderr("stays in effect: line 1, templates.web.cpu: expected cores");
    assertEquals(bodies(daemon).length, 5);
  });
});

testWithPty(
  "create_container runs a template's commands once the container is ready, up to the first failure",
  async (t) => {
    await using daemon = await startDaemon({ shell: {} });
    const commands = ["echo one >made; echo hello", "echo broken >&2; exit 3", "echo never >made"];
    await using host = await connectWithPolicy(daemon, {
      templates: { web: { post_create: commands }, lazy: { post_create: ["true"] } },
    });
    const create = async (args: Readonly<Record<string, unknown>>) => {
      const answer = await host.session.call("create_container", args);
      assertEquals(answer.isError, false, answer.text);
      const { post_create: postCreate = [] } = createContainer.output.parse(
        answer.structuredContent,
      );
      return { postCreate, text: answer.text };
    };
    await t.step("in order, their output fenced", async () => {
      const { postCreate, text } = await create({ username: "alice", template: "web" });
      assertEquals(postCreate.map(({ exit_code: code }) => code), [0, 3, undefined]);
      assertStringIncludes(postCreate[0]?.output ?? "", "data from the container");
      assertStringIncludes(text, "exit 3: echo broken >&2; exit 3\n<<<stderr");
      assertStringIncludes(
        text,
        "not run: echo never >made\nNext: use run_command for what failed",
      );
      const { text: made } = await host.session.call("run_command", {
        username: "alice",
        command: "cat made",
      });
      assertStringIncludes(made, "\none\n");
    });
    await t.step("not where it is not ready in time", async () => {
      const hold = daemon.holdPhase("provisioning", "bob");
      const { postCreate, text } = await create({
        username: "bob",
        template: "lazy",
        wait_seconds: 0,
      });
      hold.release();
      assertEquals(postCreate, [{ command: "true" }]);
      assertStringIncludes(
        text,
        "not run: true\nNext: use run_command for what failed and what was not run",
      );
    });
  },
);

Deno.test("renderPostCreate() says of a command that may have run only that it has no exit code", () => {
  const problem = "the connection was lost while the command ran";
  assertEquals(
    renderPostCreate([
      { command: "make", "exit_code": 2 },
      { command: "make install", problem },
      { command: "make check" },
    ]).split("\n"),
    ["exit 2: make", "no exit code: make install", problem, "not run: make check"],
  );
});

Deno.test("create_container accepts a template with a recipe, which obeys the quotas", async (t) => {
  await using daemon = await startDaemon({ gpus: 1 });
  await using host = await connectWithPolicy(daemon, {
    templates: { llm: { recipe: "ollama", recipe_parameters: { model: "qwen" }, gpus: ["0"] } },
    quotas: { users: { bob: { cpu: 4 } } },
  });
  const { session } = host;
  await t.step("refused, by what the recipe asks for", async () => {
    for (
      const [tool, who] of [["create_container", "username"], [
        "create_containers",
        "usernames",
      ]] as const
    ) {
      const args = { [who]: who === "username" ? "bob" : ["bob"], template: "llm" };
      const { isError, text } = await session.call(tool, args);
      assertEquals(isError, true);
      assertStringIncludes(text, "user bob: cpu 0 of 4, needs 8 more");
    }
  });
  await t.step("not with what a recipe decides itself", async () => {
    const args = { username: "alice", template: "llm", image: "images:debian/12" };
    const { text } = await session.call("create_container", args);
    assertStringIncludes(text, "which takes cpu, memory, disk, labels and not image");
  });
  assertEquals(daemon.count("POST"), 0);
  await t.step("created, alone and with others", async () => {
    const args = { username: "alice", template: "llm", cpu: "2" };
    const { isError, text } = await session.call("create_container", args);
    assertEquals(isError, false, text);
    const [deployment] = daemon.requests.filter(({ method }) => method === "POST");
    assertEquals(deployment?.path, "/v1/recipes/ollama/deploy");
    assertStringIncludes(deployment?.body ?? "", '"model":"qwen"');
    const bulk = { usernames: ["carol", "dave"], template: "llm" };
    const { text: bulkText } = await session.call("create_containers", bulk);
    assertStringIncludes(bulkText, "2 containers: 2 done");
  });
});

Deno.test("create_container reports a template's address that is taken, as the daemon replaces it", async () => {
  await using daemon = await startDaemon();
  await using host = await connectWithPolicy(daemon, {
    templates: { web: { "static_ip": "10.77.0.200" } },
  });
  const { session } = host;
  const args = { usernames: ["alice", "bob"], template: "web" };
  const { text } = await session.call("create_containers", args);
  assertStringIncludes(text, "the address is taken, or it is on another host): static_ip");
  const one = await session.call("create_container", { username: "carol", template: "web" });
  assertEquals(createContainer.output.parse(one.structuredContent).ignored, ["static_ip"]);
  assertStringIncludes(one.text, "Not set: static_ip. ");
});

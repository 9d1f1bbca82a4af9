import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createFromRecipe } from "../../../tools/templates/create_from_recipe.ts";
import { asked, start } from "./stage.ts";

Deno.test("create_from_recipe creates a container and says what runs in it", async () => {
  await using stage = await start();
  const answer = await stage.call({ ...asked, cpu: "1", labels: { team: "dev" } });
  assertEquals(answer.isError, false, answer.text);
  const { created, container, ports, message, next, url } = createFromRecipe.output.parse(
    answer.structuredContent,
  );
  assertEquals([created, container?.state, container?.cpu, container?.disk], [
    true,
    "running",
    "1",
    "10GB",
  ]);
  assertEquals([container?.labels, ports, url], [{ team: "dev" }, [8080], undefined]);
  assertStringIncludes(message ?? "", "post_start running in background");
  assertStringIncludes(next, "reports neither when they finish nor whether they fail");
  assertStringIncludes(next, 'run_command(username="alice", command="podman ps -a", as_root=true)');
  assertStringIncludes(answer.text, "ports: 8080");
  assertEquals(stage.sent().map(({ body }) => JSON.parse(body)), [{
    name: "alice",
    async: true,
    parameters: { image: "nginx" },
    resourceOverrides: { cpu: "1" },
    labels: { team: "dev" },
  }]);
});

Deno.test("create_from_recipe passes a GPU to a recipe that needs one", async () => {
  await using stage = await start({ gpus: 1 });
  const answer = await stage.call({ recipe: "ollama", username: "alice", gpu: "0" });
  assertEquals(answer.isError, false, answer.text);
  assertEquals(JSON.parse(stage.sent()[0]?.body ?? "").gpu, "0");
});

Deno.test("create_from_recipe says why the creation failed", async (t) => {
  const creates = { bad: { kind: "fails", phase: "creating", reason: "disk is full" } } as const;
  await using stage = await start({ creates, cpus: 2, cpuOvercommitFactor: 1 });
  const refusal = async (args: object): Promise<string> => {
    const { isError, text } = await stage.call({ ...asked, ...args });
    assertEquals(isError, true, text);
    return text;
  };
  await t.step("a host that fails at it", async () => {
    assertStringIncludes(await refusal({ username: "bad" }), "disk is full");
  });
  await t.step("a host that has no CPU left", async () => {
    assertStringIncludes(await refusal({ cpu: "4" }), "CPU capacity exceeded");
  });
  await t.step("a GPU that there is not", async () => {
    const text = await refusal({ recipe: "ollama", parameters: {}, gpu: "3", cpu: "1" });
    assertStringIncludes(text, "GPU input");
  });
  await t.step("an answer that is lost: what is there is read, nothing is sent again", async () => {
    stage.daemon.dropNext("POST", "after-read", /deploy/);
    const before = stage.sent().length;
    const text = await refusal({ username: "carol" });
    assertStringIncludes(text, "may have been carried out");
    assert(/Read afterwards: .*carol-container/.test(text), text);
    assertStringIncludes(text, "get_container");
    assertEquals(stage.sent().length, before + 1);
  });
});

Deno.test("create_from_recipe refuses before anything is sent", async (t) => {
  await using stage = await start({ containers: [{ username: "bob" }], hostAccounts: ["dave"] });
  const refusals: Readonly<Record<string, readonly [object, string]>> = {
    "a recipe that is not there": [
      { recipe: "olama" },
      'There is no recipe "olama"; did you mean ollama?',
    ],
    "a parameter that is missing": [
      { parameters: {} },
      'Recipe web: needs parameter "image" (What to run). Nothing was sent',
    ],
    "a parameter that is empty": [{ parameters: { image: "" } }, 'needs parameter "image"'],
    "a parameter that it does not know, which the daemon would pass over": [
      { parameters: { image: "nginx", ports: "8080" } },
      'Recipe web: no parameter "ports" (did you mean port?). Nothing was sent',
    ],
    "no GPU for a recipe that needs one": [
      { recipe: "ollama", parameters: {} },
      "Recipe ollama: needs a GPU: pass it as gpu",
    ],
    "a container that is there": [{ username: "bob" }, "bob already has a container (running)"],
    "an account of the host": [{ username: "dave" }, "The host has an account named dave"],
    "a username that cannot be": [{ username: "Alice Smith" }, "is not a username"],
    "a label of the daemon's": [
      { labels: { "os-type": "x" } },
      "os-type is reserved for the daemon",
    ],
    "a size that is none": [{ memory: "lots" }, "memory: expected a size"],
  };
  for (const [name, [args, expected]] of Object.entries(refusals)) {
    await t.step(name, async () => {
      const { isError, text } = await stage.call({ ...asked, ...args });
      assertEquals(isError, true, text);
      assertStringIncludes(text, expected);
    });
  }
  assertEquals(stage.sent(), []);
});

Deno.test("create_from_recipe needs a daemon that has recipes", async () => {
  await using stage = await start({ version: "0.6.0" });
  const { isError, code, reason } = await stage.call(asked);
  assertEquals([isError, code, reason], [true, "unsupported", "daemon_too_old"]);
});

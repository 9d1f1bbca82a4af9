import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listTemplates } from "../../../tools/templates/list_templates.ts";
import { connect } from "../../connect.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("list_templates shows the daemon's stacks, recipes and operating systems", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const answer = await server.call("list_templates");
  assertEquals(answer.isError, false, answer.text);
  const { recipes = [], stacks = [], os, unsupported } = listTemplates.output.parse(
    answer.structuredContent,
  );
  assertEquals(unsupported, undefined);
  assertEquals(recipes.map(({ id }) => id), ["ollama", "llamacpp"]);
  assertEquals(recipes[0], {
    id: "ollama",
    description: "Run Ollama with GPU acceleration and pull a model on first boot.",
    requires_gpu: true,
    cpu: "8",
    memory: "16GB",
    disk: "200GB",
    ports: [11434],
    parameters: [{
      name: "model",
      type: "string",
      default: "llama3",
      description: "Model to pull after the server starts (e.g. llama3, qwen2.5).",
    }],
  });
  assertEquals(stacks.length, 14);
  assertEquals(
    stacks.find(({ id }) => id === "kind-kubeflow")?.parameters?.map((parameter) => [
      parameter.name,
      parameter.type,
      parameter.required,
      parameter.default,
    ]),
    [
      ["kubeflow_user", "string", undefined, "user@example.com"],
      ["kubeflow_password", "password", true, "(hidden)"],
    ],
  );
  assertEquals(os.find(({ name }) => name === "rocky_9")?.image, "images:rockylinux/9");
});

Deno.test("list_templates shows the user's own templates first, without secrets", async () => {
  await using daemon = await startDaemon();
  await using host = await connectWithPolicy(daemon, {
    templates: {
      base: { cpu: "2", labels: { team: "dev" } },
      web: {
        extends: "base",
        description: "A web box",
        stack: "nodejs",
        stack_parameters: { password: "hunter2" },
        post_create: ["true", "false"],
      },
    },
  });
  const { text, structuredContent } = await host.session.call("list_templates");
  const { templates = [] } = listTemplates.output.parse(structuredContent);
  assertEquals(templates.map(({ name }) => name), ["base", "web"]);
  assertStringIncludes(
    text,
    "# Templates, for create_container(template=…)\nbase: (cpu 2, labels team=dev)\nweb: A web box " +
      "(cpu 2, stack nodejs, stack_parameters password, post_create 2, labels team=dev)\n",
  );
  assert(!JSON.stringify({ text, structuredContent }).includes("hunter2"));
});

Deno.test("list_templates renders one line each, with parameters below", async () => {
  await using daemon = await startDaemon({ recipes: [{ id: "web", description: "A\u202eb" }] });
  await using server = await connect(daemon);
  const { text } = await server.call("list_templates");
  assertStringIncludes(
    text,
    "# Recipes, for create_from_recipe\n" +
      "ollama: Run Ollama with GPU acceleration and pull a model on first boot. " +
      "(needs gpu; 8 CPUs 16GB 200GB; port 11434)\n" +
      "  model (string, default llama3): Model to pull",
  );
  assertStringIncludes(text, "\nweb: A\\u{202e}b\n");
  assertStringIncludes(text, "\nnodejs: Node.js LTS with popular package managers\n");
  assertStringIncludes(text, "  kubeflow_password (password, required, default (hidden)): Passw");
  assertStringIncludes(text, "\nwindows_2022: local:windows-server-2022");
  assert(!text.includes("12341234"), "a password's default is hidden");
});

Deno.test("list_templates says that a daemon is too old", async () => {
  await using daemon = await startDaemon({ version: "0.6.0" });
  await using server = await connect(daemon);
  const { isError, text, structuredContent } = await server.call("list_templates");
  assertEquals(isError, false, text);
  const { recipes, stacks, unsupported } = listTemplates.output.parse(structuredContent);
  assertEquals([recipes, stacks, unsupported], [undefined, undefined, ["recipes", "stacks"]]);
  assertStringIncludes(text, "This daemon is too old for recipes and stacks.");
});

Deno.test("list_templates fails if the daemon cannot be reached", async () => {
  await using daemon = await startDaemon();
  await using server = await connect({ url: daemon.url, token: "not.a.token" });
  const { isError, text } = await server.call("list_templates");
  assertEquals(isError, true);
  assertStringIncludes(text, "API error (status 401)");
});

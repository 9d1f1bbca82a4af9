/** What holds for every runbook's text. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runbooks } from "../../../tools/prompts/mod.ts";
import { resources } from "../../../tools/resources/mod.ts";
import { registry } from "../../../tools/toolsets.ts";
import { renderCall } from "../../../tools/runbook/runbook_text.ts";
import { Blank, type Step, stepsWith } from "../../../tools/runbook/step.ts";
import { toolNames } from "../../../tools/mod.ts";
import { connect } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { fillingsOf, getPrompt, stepsOf } from "./carry_out.ts";

/** Tools that steps mention and that may come later; until then the steps are left out. */
const toCome = ["expose_port"].filter((name) => !toolNames.includes(name));

/** Each prompt, filled in. */
const filledIn: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "onboard-team": { team: "web", usernames: "bob, carol" },
  "usage-report": {},
  "troubleshoot-container": { username: "alice", symptom: "slow" },
  "clean-up-idle": { team: "web" },
  "lifecycle-check": {},
  "snapshot-before-change": { username: "alice", change: "upgrade" },
  "deploy-app": { app: "nodejs", username: "dora" },
};

/** Something that fits each blank, for the schemas of tools. */
const plausible: Readonly<Record<string, unknown>> = {
  "<member>": "bob",
  "<member in creation>": "bob",
  "<the member's public key>":
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHnkwGtrLkdTPwG7yhOW4NTJ1gQq2n2tW1eUZ1Yc1eYh",
  "<owner of an idle one>": "bob",
  "<owners to stop>": ["bob"],
  "<owner to stop>": "bob",
  "<owner to put to sleep>": "bob",
  "<owners to delete>": ["bob"],
  "<owner to delete>": "bob",
  "<owner of one of those>": "bob",
  "<owner of what is deleted soon>": "bob",
  "<owner to keep longer>": "bob",
  "<owner to keep for good>": "bob",
  "<owner to protect>": "bob",
  "<the change's commands>": "true",
  "<parameters as the user chose, {} for none>": {},
  "<the app's port>": 3_000,
  "<absolute path of their folder>": "/home/me/app",
  "<command that installs and starts it, in the background>": "npm ci",
  "<the user's domain>": "app.example.com",
};

function startFleet(): Promise<Daemon> {
  return startDaemon({
    zfs: true,
    containers: [{ username: "alice", labels: { team: "web" } }],
  });
}

/** Every step and every step in place of one. */
function withInstead(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [
    step,
    ...(step.instead === undefined ? [] : withInstead([step.instead])),
  ]);
}

Deno.test("a runbook's calls name tools that there are, with arguments that their schemas take", async (t) => {
  await using daemon = await startFleet();
  const tools = new Set([...toolNames, ...toCome]);
  for (const [name, args] of Object.entries(filledIn)) {
    await t.step(name, async () => {
      for (const { call } of withInstead(await stepsOf(daemon, tools, name, args))) {
        if (call === undefined || toCome.includes(call.tool)) continue;
        const tool = registry.find(({ name }) => name === call.tool);
        assert(tool !== undefined, call.tool);
        const filled = fillingsOf(call.args, [plausible]);
        assertEquals(filled.length, 1, `Fill in ${renderCall(call)}`);
        tool.input.parse(filled[0]);
      }
    });
  }
});

Deno.test("a runbook attaches what its step's tool shows, and nothing else", async () => {
  await using daemon = await startFleet();
  for (const [name, args] of Object.entries(filledIn)) {
    for (const { attached, call } of await stepsOf(daemon, new Set(toolNames), name, args)) {
      if (attached === undefined) continue;
      const path = attached.replace("/alice", "/{username}").replace("/dora", "/{username}")
        .replace("/nodejs", "/{template}");
      const resource = resources.find(({ uri }) => uri === path);
      assertEquals(resource?.tools, [call?.tool ?? ""], attached);
    }
  }
});

Deno.test("a prompt's text numbers its steps, has their calls, and is short", async (t) => {
  await using daemon = await startFleet();
  await using server = await connect(daemon, { args: ["--toolsets", "all"] });
  assertEquals(Object.keys(filledIn), runbooks.map(({ prompt }) => prompt.name));
  for (const [name, args] of Object.entries(filledIn)) {
    await t.step(name, async () => {
      const { text } = await getPrompt(server, name, args);
      const steps = await stepsOf(daemon, new Set(toolNames), name, args);
      const numbered = [...text.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
      assertEquals(numbered, steps.map((_step, at) => at + 1));
      for (const { call } of steps) {
        if (call !== undefined) assertStringIncludes(text, `\`${renderCall(call)}\``);
      }
      assert(steps.some(({ stop }) => stop !== undefined), "It never stops to ask");
      assert(text.length < 4_000, `${text.length} characters`);
    });
  }
});

Deno.test("a skill is the same runbook with blanks, behind its frontmatter", async (t) => {
  await using daemon = await startFleet();
  await using server = await connect(daemon);
  const { resources } = await server.request("resources/list");
  assert(Array.isArray(resources));
  for (const { prompt: { name, title, description } } of runbooks) {
    await t.step(name, async () => {
      const uri = `skill://${name}/SKILL.md`;
      const listed = resources.find((resource) => resource.uri === uri);
      assertEquals([listed?.name, listed?.mimeType], [name, "text/markdown"]);
      assertEquals(listed?.description, description);
      assert(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length <= 64);
      assert(description.length <= 1_024);
      const { contents } = await server.request("resources/read", { uri });
      assert(Array.isArray(contents));
      const [{ text }] = contents;
      const [, head = "", body = ""] = /^---\n([^]*?)\n---\n\n([^]*)$/.exec(text) ?? [];
      assertEquals(head, `name: ${name}\ndescription: ${JSON.stringify(description)}`);
      assert(body.startsWith(`# ${title}\n`));
      assert(!body.includes("attached") && !body.includes("undefined"), body);
      assert(/^1\. /m.test(body));
    });
  }
  assertEquals(daemon.requests, []);
});

Deno.test("deploy-app exposes a port where there is a tool for it", async () => {
  await using daemon = await startFleet();
  const args = filledIn["deploy-app"] ?? {};
  const without = toolNames.filter((name) => name !== "expose_port");
  for (const tools of [without, [...without, "expose_port"]]) {
    const steps = await stepsOf(daemon, new Set(tools), "deploy-app", args);
    const calls = steps.map(({ call }) => call?.tool);
    assertEquals(calls.includes("expose_port"), tools.includes("expose_port"));
  }
});

Deno.test("stepsWith() leaves out a step whose tool is off, or says what stands in its place", () => {
  const steps: readonly Step[] = [
    { text: "Look", call: { tool: "look", args: {} } },
    {
      text: "Stop all",
      call: { tool: "stop_all", args: {} },
      instead: {
        text: "Stop each",
        call: { tool: "stop", args: { username: new Blank("owner") } },
        instead: { text: "Hand it over" },
      },
    },
    { text: "Report" },
  ];
  const textsWith = (...tools: readonly string[]) =>
    stepsWith(steps, new Set(tools)).map(({ text }) => text);
  assertEquals(textsWith("look", "stop_all"), ["Look", "Stop all", "Report"]);
  assertEquals(textsWith("look", "stop"), ["Look", "Stop each", "Report"]);
  assertEquals(textsWith(), ["Hand it over", "Report"]);
});

Deno.test("renderCall() writes values as JSON, and blanks as they are", () => {
  const args = {
    name: 'a"b',
    labels: { team: new Blank("team") },
    usernames: ["x", "y"],
    left: undefined,
    count: 2,
    sure: true,
  };
  assertEquals(
    renderCall({ tool: "do", args }),
    'do(name="a\\"b", labels={"team": <team>}, usernames=["x", "y"], count=2, sure=true)',
  );
  assertEquals(renderCall({ tool: "do", args: {} }), "do()");
});

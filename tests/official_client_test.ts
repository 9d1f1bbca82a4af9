/** The server as the official client of the new SDK sees it, in each way that it negotiates. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { version } from "../mod.ts";
import { listedNames } from "./listed_names.ts";
import { inherited, shippedCommand } from "./connect.ts";
import { type Daemon, startDaemon } from "./daemon/mod.ts";

/** A client with a server process of its own. */
interface Connected extends AsyncDisposable {
  readonly client: Client;
  /** The messages of the questions that it was asked. */
  readonly questions: string[];
}

/** What the user answers. */
type Action = "accept" | "decline";

async function connectOfficial(
  daemon: Daemon,
  mode: "legacy" | "auto" | { pin: string },
  { action = "accept", isAsked = true }: { action?: Action; isAsked?: boolean } = {},
): Promise<Connected> {
  const client = new Client({ name: "tests", version: "1" }, {
    capabilities: isAsked ? { elicitation: {} } : {},
    versionNegotiation: { mode },
  });
  const questions: string[] = [];
  if (isAsked) {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      questions.push(params.message);
      return action === "accept" ? { action, content: { confirm: true } } : { action };
    });
  }
  const [command, ...args] = shippedCommand(daemon.url);
  const transport = new StdioClientTransport({
    command,
    args,
    env: {
      ...inherited(),
      HOME: "/nonexistent",
      CONTAINARIUM_SERVER_URL: daemon.url,
      CONTAINARIUM_JWT_TOKEN: await daemon.token(),
      CONTAINARIUM_MCP_TOOLSETS: "all",
    },
    stderr: "ignore",
  });
  await client.connect(transport);
  return { client, questions, [Symbol.asyncDispose]: () => client.close() };
}

const modes = [
  ["legacy", "legacy", "2025-11-25"],
  ["auto", "auto", "2026-07-28"],
  ["pinned", { pin: "2026-07-28" }, "2026-07-28"],
] as const;

for (const [name, mode, negotiated] of modes) {
  // It leaves timers of its own behind.
  const options = { sanitizeOps: false, sanitizeResources: false };

  Deno.test(
    `the official client 2.4, ${name}: list, call, progress, consent, cancellation`,
    options,
    async (t) => {
      await using daemon = await startDaemon({
        containers: [{ username: "alice" }, { username: "bob" }],
      });
      await using connected = await connectOfficial(daemon, mode);
      const { client, questions } = connected;

      await t.step("they agree on the revision", () => {
        assertEquals(client.getNegotiatedProtocolVersion(), negotiated);
        assertEquals(client.getServerVersion()?.version, version);
        assertStringIncludes(client.getInstructions() ?? "", "containers");
      });
      await t.step("it lists the tools", async () => {
        const listed = await client.listTools();
        assertEquals(listed.tools.map(({ name }) => name), listedNames);
        assertEquals(listed.ttlMs, negotiated === "2026-07-28" ? 3_600_000 : undefined);
      });
      await t.step("it calls one, and finds the answer as the schema has it", async () => {
        const answer = await client.callTool({
          name: "get_container",
          arguments: { username: "alice" },
        });
        assertStringIncludes(JSON.stringify(answer.structuredContent), '"username":"alice"');
      });
      await t.step("it hears of progress", async () => {
        const reports: number[] = [];
        await client.callTool(
          { name: "create_container", arguments: { username: "carol", wait_seconds: 20 } },
          { onprogress: ({ progress }) => void reports.push(progress) },
        );
        assert(reports.length > 0);
        assert(reports.every((value, at) => at === 0 || value > (reports[at - 1] ?? 0)));
      });
      await t.step("it asks its user before something is lost", async () => {
        const answer = await client.callTool({
          name: "delete_container",
          arguments: { username: "alice" },
        });
        assertEquals(answer.isError ?? false, false);
        assertEquals(questions.length, 1);
        assertStringIncludes(questions[0] ?? "", "Delete alice-container (running)");
        assertEquals(daemon.state("alice"), undefined);
      });
      await t.step("it cancels a call", async () => {
        const hold = daemon.hold("GET", "/v1/containers/bob");
        const controller = new AbortController();
        const call = client.callTool(
          { name: "get_container", arguments: { username: "bob" } },
          { signal: controller.signal },
        );
        await hold.reached;
        controller.abort();
        await assertRejects(() => call, Error);
        hold.release();
        await daemon.idle();
      });
      await t.step("it learns of a tool that is not there", async () => {
        const error = await assertRejects(() => client.callTool({ name: "fly" }), Error);
        assertStringIncludes(error.message, "Unknown tool: fly");
      });
    },
  );

  Deno.test(
    `the official client 2.4, ${name}: resources, completion, updates`,
    options,
    async (t) => {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
      await using connected = await connectOfficial(daemon, mode);
      const { client } = connected;
      const uri = "containarium://containers/alice";

      await t.step("it lists them, and templates", async () => {
        assertEquals((await client.listResources()).resources.length, 5 + 7);
        assertEquals((await client.listResourceTemplates()).resourceTemplates.length, 7);
      });
      await t.step("it lists prompts, and gets one with what it begins with", async () => {
        assertEquals((await client.listPrompts()).prompts.length, 7);
        const name = "troubleshoot-container";
        const { messages } = await client.getPrompt({ name, arguments: { username: "alice" } });
        assertStringIncludes(JSON.stringify(messages), "state: running");
      });
      await t.step("it completes a username", async () => {
        const { completion } = await client.complete({
          ref: { type: "ref/resource", uri: "containarium://containers/{username}" },
          argument: { name: "username", value: "al" },
        });
        assertEquals(completion.values, ["alice"]);
      });
      await t.step("it reads one, and learns of one that is not there", async () => {
        const { contents } = await client.readResource({ uri });
        assertStringIncludes(JSON.stringify(contents), "username: alice");
        await assertRejects(() => client.readResource({ uri: `${uri}x` }), Error, "alicex");
      });
      await t.step("it hears of a change until it has heard enough", async () => {
        const updated = Promise.withResolvers<string>();
        client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
          updated.resolve(params.uri);
        });
        if (negotiated === "2026-07-28") {
          const listening = await client.listen({ resourceSubscriptions: [uri] });
          await client.callTool({ name: "stop_container", arguments: { username: "alice" } });
          assertEquals(await updated.promise, uri);
          await listening.close();
        } else {
          await client.subscribeResource({ uri });
          await client.callTool({ name: "stop_container", arguments: { username: "alice" } });
          assertEquals(await updated.promise, uri);
          await client.unsubscribeResource({ uri });
        }
        await daemon.idle();
        assertEquals(daemon.eventStreams, 0);
      });
    },
  );

  Deno.test(
    `the official client 2.4, ${name}: a no is final, and who cannot ask is not asked`,
    options,
    async () => {
      await using daemon = await startDaemon({
        containers: [{ username: "alice" }, { username: "bob" }],
      });
      {
        await using refusing = await connectOfficial(daemon, mode, { action: "decline" });
        const params = { name: "delete_container", arguments: { username: "alice" } };
        const { isError, content } = await refusing.client.callTool(params);
        assertEquals(isError, true);
        assertStringIncludes(JSON.stringify(content), "The user declined: Delete alice-container");
        assert(daemon.state("alice") !== undefined);
      }
      await using silent = await connectOfficial(daemon, mode, { isAsked: false });
      const params = { name: "delete_container", arguments: { username: "bob" } };
      assertEquals((await silent.client.callTool(params)).isError ?? false, false);
      assertEquals(daemon.state("bob"), undefined);
    },
  );
}

/** Deletes that can be undone, through the server. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { deleteContainer } from "../../../tools/containers/delete_container.ts";
import { keepSecret } from "../../client/leftovers/keep.ts";
import { clientOf } from "../../client/connect.ts";
import { connect, type Session } from "../../connect.ts";
import { type ContainerSeed, type Daemon, startDaemon } from "../../daemon/mod.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

function assertMatches(text = "", pattern: RegExp): void {
  assert(pattern.test(text), text);
}

const dayOfGrace = { env: { CONTAINARIUM_DELETE_GRACE: "24h" } };

/** A client that answers each question with yes; returns the questions. */
function agreeing(server: Session): string[] {
  const questions: string[] = [];
  server.onRequest("elicitation/create", (params) => {
    questions.push(String(Reflect.get(Object(params), "message")));
    return { action: "accept", content: { confirm: true } };
  });
  return questions;
}

async function connected(
  containers: readonly ContainerSeed[],
): Promise<{ daemon: Daemon; server: Session; questions: string[] } & AsyncDisposable> {
  const daemon = await startDaemon({ containers });
  const server = await connect(daemon, { ...dayOfGrace, capabilities: { elicitation: {} } });
  return {
    daemon,
    server,
    questions: agreeing(server),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await daemon.close();
    },
  };
}

Deno.test("delete_container with a grace stops the container, which undelete_container restores", async () => {
  await using all = await connected([{ username: "alice", resources: { disk: "20GB" } }]);
  const { daemon, server, questions } = all;
  const { text, structuredContent } = await server.call("delete_container", { username: "alice" });
  assertEquals(
    text,
    "Deleted alice-container: stopped, and gone in 1 d; " +
      'undelete_container(username="alice") brings it back until then. ' +
      "What the daemon keeps under the name (domains, secrets) stays.",
  );
  const { deletion_at: at } = deleteContainer.output.parse(structuredContent);
  const inMs = Date.parse(at ?? "") - Date.now();
  assertEquals(Math.round(inMs / 60_000), 24 * 60);
  assertEquals(questions, [
    "Delete alice-container (running)? It is stopped now; in 1 d it is deleted with its 20GB disk " +
    "and the user's host account. Until then undelete_container brings it back.",
  ]);
  assertEquals([daemon.state("alice"), daemon.count("DELETE")], ["CONTAINER_STATE_STOPPED", 0]);
  const restored = await server.call("undelete_container", { username: "alice" });
  assertStringIncludes(restored.text, "Restored; it will not be deleted.\nusername: alice");
  assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
  const again = await server.call("undelete_container", { username: "alice" });
  assertStringIncludes(again.text, "It was not deleted.");
});

Deno.test("delete_container of what is deleted already asks nothing and changes nothing", async () => {
  await using all = await connected([{ username: "alice" }]);
  const { daemon, server, questions } = all;
  await server.call("delete_container", { username: "alice" });
  const writes = () => daemon.requests.filter(({ method }) => method !== "GET").length;
  const before = writes();
  const { text } = await server.call("delete_container", { username: "alice" });
  assertStringIncludes(text, "gone in 1 d");
  assertEquals([questions.length, writes()], [1, before]);
  // Somebody started it.
  await server.call("start_container", { username: "alice" });
  await server.call("delete_container", { username: "alice" });
  assertEquals([questions.length, daemon.state("alice")], [2, "CONTAINER_STATE_STOPPED"]);
});

Deno.test("delete_container permanently=true deletes at once, and asks", async () => {
  await using all = await connected([{ username: "alice" }]);
  const { daemon, server, questions } = all;
  await keepSecret(daemon, "alice");
  await server.call("delete_container", { username: "alice" });
  const { text } = await server.call("delete_container", { username: "alice", permanently: true });
  assertStringIncludes(text, "Deleted alice-container.\nAlso removed: secret ");
  assertStringIncludes(questions[1] ?? "", "everything on its 50GB disk, permanently?");
  assertEquals(daemon.state("alice"), undefined);
});

Deno.test("delete_container leaves secrets until the end, and removes them after it", async () => {
  await using all = await connected([{ username: "alice" }]);
  const { daemon, server, questions } = all;
  await keepSecret(daemon, "alice");
  await server.call("delete_container", { username: "alice" });
  daemon.endTtl("alice");
  using client = await clientOf(daemon);
  assertEquals((await client.secrets.list("alice")).length, 1);
  const { text } = await server.call("delete_container", { username: "alice" });
  assertStringIncludes(text, "There is no alice-container.\nAlso removed: secret ");
  assertStringIncludes(questions[1] ?? "", "Remove what the daemon keeps under its name");
});

Deno.test("delete_container says how soon a container is gone that would be gone sooner anyway", async () => {
  await using all = await connected([
    { username: "brief", ttlSeconds: 3_600 },
    { username: "once", deleteAfterStoppedSeconds: 7_200 },
  ]);
  const { server, questions } = all;
  for (const username of ["brief", "once"]) await server.call("delete_container", { username });
  // The same when it is put again: a question that changes would never be answered.
  assertMatches(questions[0], /stopped now; at \d{4}-\d\d-\d\dT[\d:]+Z it is deleted/);
  assertStringIncludes(questions[1] ?? "", "in 2 h it is deleted");
});

Deno.test("delete_container with a grace refuses what could not be recovered, without a question", async () => {
  await using hosts = await startTwoHosts(
    { containers: [{ username: "kept", protected: true }] },
    { containers: [{ username: "bob" }] },
  );
  await using server = await connect(hosts.near, {
    ...dayOfGrace,
    capabilities: { elicitation: {} },
  });
  const questions = agreeing(server);
  const refused = await server.call("delete_container", { username: "bob" });
  assertEquals(refused.isError, true);
  assertStringIncludes(
    refused.text,
    "bob-container cannot be deleted so that it could be recovered: it is on far",
  );
  assertStringIncludes(refused.text, "permanently=true");
  const kept = await server.call("delete_container", { username: "kept" });
  assertStringIncludes(kept.text, "protected from deletion");
  assertEquals([questions, hosts.far.state("bob")], [[], "CONTAINER_STATE_RUNNING"]);
  await server.call("delete_container", { username: "bob", permanently: true });
  assertEquals([questions.length, hosts.far.state("bob")], [1, undefined]);
});

Deno.test("delete_container goes by the grace of the container's team", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "ops", labels: { team: "ops" } },
      { username: "ci", labels: { team: "ci" } },
      { username: "other" },
    ],
  });
  await using host = await connectWithPolicy(daemon, {
    "delete_grace": { teams: { ops: "7d", ci: "none", "*": "8h" } },
  });
  const texts = await Promise.all(
    ["ops", "ci", "other"].map(async (username) =>
      (await host.session.call("delete_container", { username })).text.split(";")[0]
    ),
  );
  assertEquals(texts, [
    "Deleted ops-container: stopped, and gone in 7 d",
    "Deleted ci-container.",
    "Deleted other-container: stopped, and gone in 8 h",
  ]);
});

Deno.test("delete_container deletes nothing of a container that was re-created since", async () => {
  const old = { username: "alice", createdAt: new Date("2026-01-01T00:00:00Z") };
  await using daemon = await startDaemon({ containers: [old] });
  using client = await clientOf(daemon);
  const context = {
    ...contextOf(client),
    policy: () => Promise.resolve({ templates: new Map(), deleteGrace: "24h" }),
  };
  const { refusal } = await changedBetween(
    deleteContainer,
    { username: "alice" },
    context,
    () => daemon.replace({ username: "alice" }),
  );
  assertEquals(refusal?.reason, "changed_since_agreed");
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET"), []);
});

Deno.test("delete_container does not delete again, unasked, what came back after it had nothing to ask", async () => {
  for (const back of ["undelete", "start", "setTtl"] as const) {
    await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
    using client = await clientOf(daemon);
    const context = {
      ...contextOf(client),
      policy: () => Promise.resolve({ templates: new Map(), deleteGrace: "24h" }),
    };
    await client.containers.deleteLater("alice", { graceSeconds: 86_400 });
    let writes = 0;
    const countWrites = () => daemon.requests.filter(({ method }) => method !== "GET").length;
    const { question, refusal } = await changedBetween(
      deleteContainer,
      { username: "alice" },
      context,
      async () => {
        if (back === "setTtl") await client.containers.setTtl("alice", 0);
        else await client.containers[back]("alice");
        writes = countWrites();
      },
    );
    assertEquals([question, refusal?.reason], [undefined, "changed_since_agreed"], back);
    assertEquals(countWrites(), writes, back);
  }
});

Deno.test("undelete_container and permanently are listed only where deletes have a grace", async () => {
  await using daemon = await startDaemon();
  const listed = async (server: Session) => {
    const { tools } = await server.request("tools/list") as {
      readonly tools: readonly {
        readonly name: string;
        readonly inputSchema: { readonly properties: object };
      }[];
    };
    return [
      tools.some(({ name }) => name === "undelete_container"),
      tools.filter(({ inputSchema }) => "permanently" in inputSchema.properties)
        .map(({ name }) => name),
    ];
  };
  await using without = await connect(daemon);
  assertEquals(await listed(without), [false, []]);
  await using withGrace = await connect(daemon, dayOfGrace);
  assertEquals(await listed(withGrace), [true, ["delete_container", "delete_containers"]]);
  await using host = await connectWithPolicy(daemon, {});
  assertEquals(await listed(host.session), [false, []]);
  await host.write({ "delete_grace": "24h" });
  assertEquals((await listed(host.session))[0], true);
  // Whoever turned it off may still want something back.
  const { text } = await without.call("undelete_container", { username: "alice" });
  assertStringIncludes(text, "There is no container for alice");
});

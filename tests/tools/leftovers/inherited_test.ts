/** What a new container inherits from an earlier one of its name: a warning, never a failure. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { deleteContainers } from "../../../tools/bulk/delete_containers.ts";
import { clientOf } from "../../client/connect.ts";
import {
  keepAll,
  keepCollaborator,
  keepDomain,
  keepPolicy,
  keepSecret,
  sendRaw,
} from "../../client/leftovers/keep.ts";
import { connect } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { ask, rowOf } from "../bulk/ask.ts";
import { contextOf } from "../context.ts";

const warning =
  "The daemon already kept under this name: secret API_KEY, collaborator amy, network policy, port of the " +
  "host tcp 15000, access rules http_only. The new container has it now. If it is an earlier " +
  "owner's, call delete_container, which removes it too, and create the container again.";

/** A daemon on which alice's container was deleted by another client. */
async function startWithLeftovers(): Promise<Daemon> {
  const daemon = await startDaemon({
    containers: [{ username: "alice", ipAddress: "10.77.0.5" }],
    recipes: [{ id: "web", resources: { cpu: "1", memory: "1GB", disk: "10GB" } }],
  });
  await keepAll(daemon, "alice");
  await sendRaw(daemon, "DELETE", "/containers/alice?force=true");
  return daemon;
}

function warningsOf(
  { structuredContent }: { readonly structuredContent?: unknown },
): readonly unknown[] {
  const { warnings }: Readonly<Record<string, unknown>> = { ...Object(structuredContent) };
  const all: readonly unknown[] = Array.isArray(warnings) ? warnings : [];
  return all.filter((one) => String(one).includes("already kept"));
}

Deno.test("create_container warns of what the new container inherits", async () => {
  await using daemon = await startWithLeftovers();
  await using server = await connect(daemon);
  const answer = await server.call("create_container", { username: "alice" });
  assertEquals([answer.isError, warningsOf(answer)], [false, [warning]]);
  assertStringIncludes(answer.text, warning);
});

Deno.test("create_container warns of a port that leads to the address the new container got", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  for (let last = 2; last < 60; last++) {
    await sendRaw(daemon, "POST", "/network/passthrough", {
      externalPort: 15_000 + last,
      targetIp: `10.77.0.${last}`,
      targetPort: 80,
    });
  }
  const answer = await server.call("create_container", { username: "alice" });
  assertStringIncludes(JSON.stringify(warningsOf(answer)), "port of the host tcp 150");
});

Deno.test("create_container says nothing where nothing is kept, for 5 reads", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const answer = await server.call("create_container", { username: "alice" });
  assertEquals(warningsOf(answer), []);
  const reads = daemon.requests.filter(({ method, path }) =>
    method === "GET" && /collaborators|policies|passthrough|acl|secrets/.test(path)
  );
  assertEquals(reads.map(({ path }) => path).sort(), [
    "/v1/containers/alice/acl",
    "/v1/containers/alice/collaborators",
    "/v1/network-policies",
    "/v1/network/passthrough",
    "/v1/secrets/alice",
  ]);
});

Deno.test("create_container does not fail where none of it can be read", async () => {
  await using daemon = await startWithLeftovers();
  await using server = await connect(daemon);
  const broken = { kind: "answer", status: 500, body: "broken", times: 40 } as const;
  daemon.inject({ ...broken, path: /collaborators|policies|passthrough|acl|secrets/ });
  const answer = await server.call("create_container", { username: "alice" });
  assertEquals([answer.isError, warningsOf(answer)], [false, []]);
});

Deno.test("create_containers warns of each name that has something, and reads what they share once", async () => {
  await using daemon = await startWithLeftovers();
  await keepPolicy(daemon, "bob");
  await using server = await connect(daemon);
  const before = daemon.count("GET", "/v1/network-policies");
  const answer = await ask(server, "create_containers", {
    usernames: ["alice", "bob", "carol"],
    dry_run: true,
  });
  const { warnings = [] } = answer;
  assertEquals(
    warnings.filter((one) => one.includes("already kept")).map((one) => one.split(". ")[0]),
    [
      "alice: The daemon already kept under this name: secret API_KEY, collaborator amy, port of the host tcp 15000, " +
      "network policy",
      "bob: The daemon already kept under this name: network policy",
    ],
  );
  assertEquals(daemon.count("GET", "/v1/network-policies") - before, 1);
});

Deno.test("create_from_recipe warns of what the new container inherits", async () => {
  await using daemon = await startWithLeftovers();
  await using server = await connect(daemon);
  const answer = await server.call("create_from_recipe", { username: "alice", recipe: "web" });
  assertEquals(answer.isError, false, answer.text);
  assertStringIncludes(JSON.stringify(warningsOf(answer)), "already kept under this name");
});

Deno.test("delete_containers lists what is kept, removes it, and says in each row what remains", async () => {
  const usernames = ["alice", "bob", "carol"];
  await using daemon = await startDaemon({
    containers: usernames.map((username) => ({ username })),
  });
  await keepAll(daemon, "alice");
  await keepDomain(daemon, "web.test");
  await keepCollaborator(daemon, "bob", "ben");
  await using server = await connect(daemon, { capabilities: { elicitation: { form: {} } } });
  const questions: string[] = [];
  let action = "decline";
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action, content: { confirm: true } };
  });
  await server.call("delete_containers", { usernames });
  assertEquals(daemon.count("DELETE"), 0);
  assertStringIncludes(
    questions[0] ?? "",
    "Also removed: alice: domain web.test, secret API_KEY, collaborator amy, port of the host tcp 15000, " +
      "network policy; bob: collaborator ben. For new containers of these names will remain: alice: " +
      "access rules http_only, which the daemon cannot remove.",
  );
  const plan = await ask(server, "delete_containers", { usernames, dry_run: true });
  assertEquals(plan.containers.map(({ why }) => why), [
    "with its 50GB disk; also removed: domain web.test, secret API_KEY, collaborator amy, port of the host tcp 15000, network policy",
    "with its 50GB disk; also removed: collaborator ben",
    "with its 50GB disk",
  ]);
  action = "accept";
  const { containers } = await ask(server, "delete_containers", { usernames });
  assertEquals(containers.map(({ result, why }) => [result, why]), [
    [
      "done",
      "also removed: domain web.test, secret API_KEY, collaborator amy, port of the host tcp 15000, network policy; remains: access rules " +
      "http_only (the daemon cannot remove them)",
    ],
    ["done", "also removed: collaborator ben"],
    ["done", undefined],
  ]);
});

Deno.test("delete_containers removes nothing that was added after the question", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await keepCollaborator(daemon, "alice");
  using client = await clientOf(daemon);
  const usernames = ["alice", "bob"];
  const { answer } = await changedBetween(
    deleteContainers,
    { usernames },
    contextOf(client),
    async () => {
      await keepSecret(daemon, "alice");
      await keepPolicy(daemon, "bob");
    },
  );
  const why = "added or changed since the user was asked";
  assertEquals(answer?.containers.map((row) => row.why), [
    `also removed: collaborator amy; remains: secret API_KEY (${why})`,
    `remains: network policy (${why})`,
  ]);
  assertEquals(daemon.count("DELETE", /secrets|policies/), 0);
});

Deno.test("delete_containers keeps it all where keep_leftovers says so", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await keepAll(daemon, "alice");
  await keepDomain(daemon, "web.test");
  await using server = await connect(daemon);
  const args = { usernames: ["alice"], "keep_leftovers": true };
  const plan = await ask(server, "delete_containers", { ...args, dry_run: true });
  assertEquals(rowOf(plan, "alice").why, "with its 50GB disk; also removed: domain web.test");
  const answer = await ask(server, "delete_containers", args);
  assertEquals(
    rowOf(answer, "alice").why,
    "also removed: domain web.test; remains: secret API_KEY, collaborator amy, port of the host tcp 15000, " +
      "network policy, access rules http_only (keep_leftovers was true)",
  );
  const deletions = daemon.requests.filter(({ method }) => method === "DELETE");
  assertEquals(deletions.map(({ path }) => path), ["/v1/containers/alice"]);
});

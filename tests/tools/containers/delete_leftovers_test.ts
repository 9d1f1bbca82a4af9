/** What the daemon keeps under a name beside the container, when the container is deleted. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { deleteContainer } from "../../../tools/containers/delete_container.ts";
import {
  keepAll,
  keepCollaborator,
  keepDomain,
  keepPolicy,
  keepPort,
  keepSecret,
  sendRaw,
} from "../../client/leftovers/keep.ts";
import { clientOf } from "../../client/connect.ts";
import { connect } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

const alice = { username: "alice", ipAddress: "10.77.0.5", resources: { disk: "20GB" } };
const canAsk = { capabilities: { elicitation: { form: {} } } };
const args = { username: "alice" };

/** Which kinds the daemon still keeps for alice. */
async function kept(daemon: Daemon): Promise<readonly string[]> {
  using client = await clientOf(daemon);
  const kinds = ["secret", "collaborator", "port", "network_policy"] as const;
  const { leftovers } = await client.leftovers.list(args, { kinds });
  return leftovers.map(({ kind }) => kind);
}

/** The fields of a result, to look at some. */
function fieldsOf(content: unknown): Readonly<Record<string, unknown>> {
  return typeof content === "object" ? { ...content } : {};
}

function writes(daemon: Daemon): readonly string[] {
  return daemon.requests.filter(({ method }) => method === "DELETE").map(({ path }) => path).sort();
}

Deno.test("delete_container removes what the daemon keeps under the name, and reports each", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  await keepAll(daemon, "alice");
  await keepPort(daemon, "bob", 15_009);
  await using server = await connect(daemon);
  const { text, structuredContent } = await server.call("delete_container", args);
  assertEquals(structuredContent, {
    deleted: true,
    container_name: "alice-container",
    also_removed: [
      "secret API_KEY",
      "collaborator amy",
      "port of the host tcp 15000",
      "network policy",
    ],
    remaining: [{ what: "access rules http_only", why: "the daemon cannot remove them" }],
  });
  assertEquals(text.split("\n"), [
    "Deleted alice-container.",
    "Also removed: secret API_KEY, collaborator amy, port of the host tcp 15000, network policy.",
    "Remains for a new container of this name: access rules http_only (the daemon cannot remove them).",
  ]);
  assertEquals(await kept(daemon), []);
  assertEquals(writes(daemon), [
    "/v1/containers/alice",
    "/v1/containers/alice/collaborators/amy",
    "/v1/network-policies/alice",
    "/v1/network/passthrough/15000?protocol=ROUTE_PROTOCOL_TCP",
    "/v1/secrets/alice/API_KEY",
  ]);
});

Deno.test("delete_container lists it in the question, and removes nothing where the user declines", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  await keepAll(daemon, "alice");
  for (const name of ["ben", "cal", "dee", "eve", "fay"]) {
    await keepCollaborator(daemon, "alice", name);
  }
  await using server = await connect(daemon, canAsk);
  const questions: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action: "decline" };
  });
  const { isError } = await server.call("delete_container", args);
  assertEquals([isError, questions], [true, [
    "Delete alice-container (running) and everything on its 20GB disk, permanently? The host account " +
    "alice, if there is one, is removed with its home. Also removed: secret API_KEY, 6 collaborators (fay, eve, dee, " +
    "cal, ben and 1 more), port of the host tcp 15000, network policy. For a new container of this " +
    "name will remain: access rules http_only, which the daemon cannot remove.",
  ]]);
  assertEquals(writes(daemon), []);
});

Deno.test("delete_container names the domains that the daemon removes with it, and reports them removed", async () => {
  await using daemon = await startDaemon({ containers: [alice, { username: "bob" }] });
  for (const domain of ["a.test", "b.test", "c.test", "d.test", "e.test", "f.test"]) {
    await keepDomain(daemon, domain);
  }
  await keepDomain(daemon, "bobs.test", "bob-container", "10.77.0.6");
  await using server = await connect(daemon, canAsk);
  const questions: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action: "accept", content: { confirm: true } };
  });
  const { text } = await server.call("delete_container", args);
  assertEquals(questions, [
    "Delete alice-container (running) and everything on its 20GB disk, permanently? The host account " +
    "alice, if there is one, is removed with its home. Also removed: 6 domains (f.test, e.test, " +
    "d.test, c.test, b.test and 1 more).",
  ]);
  assertEquals(text.split("\n"), [
    "Deleted alice-container.",
    "Also removed: domain f.test, domain e.test, domain d.test, domain c.test, domain b.test, domain a.test.",
  ]);
  assertEquals(writes(daemon), ["/v1/containers/alice"]);
  using client = await clientOf(daemon);
  assertEquals((await client.routes.list()).map(({ domain }) => domain), ["bobs.test"]);
});

Deno.test("delete_container removes a domain that leads to the address alone, which the daemon leaves", async () => {
  await using daemon = await startDaemon({ containers: [] });
  await keepDomain(daemon, "old.test", "");
  daemon.replace(alice);
  await using server = await connect(daemon);
  const { text } = await server.call("delete_container", args);
  assertEquals(text, "Deleted alice-container.\nAlso removed: domain old.test.");
  assertEquals(writes(daemon), ["/v1/containers/alice", "/v1/network/routes/old.test"]);
});

Deno.test("delete_container does not report a domain removed that somebody else has by then", async () => {
  await using daemon = await startDaemon({ containers: [alice, { username: "bob" }] });
  await keepDomain(daemon, "web.test");
  using client = await clientOf(daemon);
  const { answer } = await changedBetween(
    deleteContainer,
    args,
    contextOf(client),
    () => keepDomain(daemon, "web.test", "bob-container", "10.77.0.6"),
  );
  assertEquals([answer?.deleted, answer?.also_removed, answer?.remaining], [
    true,
    undefined,
    undefined,
  ]);
  assertEquals(daemon.count("DELETE", /routes/), 0);
});

Deno.test("delete_container asks about domains without names where the token may not list them", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  await keepDomain(daemon, "web.test");
  const token = await daemon.token({
    ...{ username: "alice", roles: ["user"], scopes: ["containers:read", "containers:write"] },
  });
  await using server = await connect({ url: daemon.url, token }, canAsk);
  const questions: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action: "decline" };
  });
  await server.call("delete_container", args);
  assertStringIncludes(
    questions[0] ?? "",
    "Domains that lead to it, if any, are removed, too: the token may not list them.",
  );
});

Deno.test("delete_container keeps what is kept where keep_leftovers says so, and says that in question and answer", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  await keepAll(daemon, "alice");
  await keepDomain(daemon, "web.test");
  await using server = await connect(daemon, canAsk);
  const questions: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action: "accept", content: { confirm: true } };
  });
  const { text } = await server.call("delete_container", { ...args, keep_leftovers: true });
  assertEquals(questions, [
    "Delete alice-container (running) and everything on its 20GB disk, permanently? The host account " +
    "alice, if there is one, is removed with its home. Also removed: domain web.test. For a new " +
    "container of this name will remain: secret API_KEY, collaborator amy, port of the host tcp 15000, " +
    "network policy, access rules http_only.",
  ]);
  assertEquals(text.split("\n"), [
    "Deleted alice-container.",
    "Also removed: domain web.test.",
    "Remains for a new container of this name: secret API_KEY, collaborator amy, port of the host tcp " +
    "15000, network policy, access rules http_only (keep_leftovers was true).",
  ]);
  assertEquals(writes(daemon), ["/v1/containers/alice"]);
  assertEquals(await kept(daemon), ["secret", "collaborator", "port", "network_policy"]);
});

Deno.test("delete_container with keep_leftovers asks and removes nothing where there is no container", async () => {
  await using daemon = await startDaemon();
  await keepSecret(daemon, "alice");
  await keepPort(daemon, "alice");
  await using server = await connect(daemon, canAsk);
  const { text, isError } = await server.call("delete_container", {
    ...args,
    keep_leftovers: true,
  });
  assertEquals([isError, text], [
    false,
    "There is no alice-container; nothing was deleted.",
  ]);
  assertEquals(await kept(daemon), ["secret", "port"]);
});

Deno.test("delete_container needs 6 more reads before and 5 after where nothing is kept", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  await using server = await connect(daemon);
  const { text } = await server.call("delete_container", args);
  assertEquals(text, "Deleted alice-container.");
  assertEquals(daemon.requests.map(({ method, path }) => `${method} ${path}`).sort(), [
    "DELETE /v1/containers/alice",
    "GET /v1/containers/alice",
    "GET /v1/containers/alice",
    "GET /v1/containers/alice/acl",
    "GET /v1/containers/alice/collaborators",
    "GET /v1/containers/alice/collaborators",
    "GET /v1/containers?username=alice",
    "GET /v1/network-policies",
    "GET /v1/network-policies",
    "GET /v1/network/passthrough",
    "GET /v1/network/passthrough",
    "GET /v1/network/routes",
    "GET /v1/network/routes",
    "GET /v1/secrets/alice",
    "GET /v1/secrets/alice",
  ]);
});

Deno.test("delete_container removes nothing that was added or changed after the question", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  using client = await clientOf(daemon);
  await keepPolicy(daemon, "alice");
  const { answer } = await changedBetween(deleteContainer, args, contextOf(client), async () => {
    await keepPolicy(daemon, "alice", ["192.0.2.0/24"]);
    await keepCollaborator(daemon, "alice");
    await keepPort(daemon, "alice");
    await keepSecret(daemon, "alice");
  });
  const why = "added or changed since the user was asked";
  assertEquals([answer?.deleted, answer?.also_removed, answer?.remaining], [true, undefined, [
    { what: "secret API_KEY", why },
    { what: "collaborator amy", why },
    { what: "port of the host tcp 15000", why },
    { what: "network policy", why },
  ]]);
  assertEquals(writes(daemon), ["/v1/containers/alice"]);
});

Deno.test("delete_container removes nothing else where the container is not the one agreed to", async () => {
  await using daemon = await startDaemon({
    containers: [{ ...alice, createdAt: new Date("2026-01-01T00:00:00Z") }],
  });
  using client = await clientOf(daemon);
  await keepAll(daemon, "alice");
  const { refusal } = await changedBetween(
    deleteContainer,
    args,
    contextOf(client),
    () => daemon.replace(alice),
  );
  assertEquals([refusal?.reason, writes(daemon)], ["changed_since_agreed", []]);
});

Deno.test("delete_container says what a token may not read, and removes the rest", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  await keepAll(daemon, "alice");
  const token = await daemon.token({ username: "alice", roles: ["user"] });
  await using server = await connect({ url: daemon.url, token });
  const { isError, text, structuredContent } = await server.call("delete_container", args);
  assertEquals(isError, false, text);
  assertEquals(fieldsOf(structuredContent).also_removed, ["secret API_KEY", "collaborator amy"]);
  assertEquals(fieldsOf(structuredContent).unchecked, ["ports of the host", "network policies"]);
  assertStringIncludes(
    text,
    "Could not be read, and may remain: ports of the host, network policies.",
  );
  assertEquals(await kept(daemon), ["port", "network_policy"]);
});

Deno.test("delete_container reports a removal that fails half-way, and whether it is known to have failed", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  await keepAll(daemon, "alice");
  await using server = await connect(daemon);
  daemon.dropNext("DELETE", "after-read", "/v1/containers/alice/collaborators/amy");
  daemon.inject({
    kind: "answer",
    status: 500,
    body: "broken",
    method: "DELETE",
    path: "/v1/network-policies/alice",
  });
  const { isError, structuredContent } = await server.call("delete_container", args);
  assertEquals([isError, fieldsOf(structuredContent).deleted], [false, true]);
  assertEquals(fieldsOf(structuredContent).also_removed, [
    "secret API_KEY",
    "port of the host tcp 15000",
  ]);
  assertEquals(fieldsOf(structuredContent).remaining, [
    { what: "collaborator amy", why: "may be removed: the response was lost" },
    { what: "network policy", why: "The daemon failed: broken" },
    { what: "access rules http_only", why: "the daemon cannot remove them" },
  ]);
});

Deno.test("delete_container again removes what an earlier one left, and asks about that alone", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  await keepAll(daemon, "alice");
  await sendRaw(daemon, "DELETE", "/containers/alice?force=true");
  await using server = await connect(daemon, canAsk);
  const questions: string[] = [];
  let action = "decline";
  server.onRequest("elicitation/create", ({ message }) => {
    questions.push(String(message));
    return { action, content: { confirm: true } };
  });
  const before = writes(daemon);
  await server.call("delete_container", args);
  assertEquals(writes(daemon), before);
  action = "accept";
  const { text } = await server.call("delete_container", args);
  assertEquals(
    questions[1],
    "There is no alice-container. Remove what the daemon keeps under its name: secret API_KEY, collaborator " +
      "amy, port of the host tcp 15000, network policy?",
  );
  assertEquals(text.split("\n"), [
    "There is no alice-container.",
    "Also removed: secret API_KEY, collaborator amy, port of the host tcp 15000, network policy.",
  ]);
  assertEquals(await kept(daemon), []);
});

Deno.test("delete_container asks nothing more of a daemon that keeps nothing", async () => {
  await using daemon = await startDaemon({
    containers: [alice, { username: "bob" }],
    version: "0.6.0",
  });
  await using server = await connect(daemon);
  await server.call("delete_container", args);
  const before = daemon.requests.length;
  const { text } = await server.call("delete_container", { username: "bob" });
  assertEquals(text, "Deleted bob-container.");
  assertEquals(daemon.requests.slice(before).map(({ method, path }) => `${method} ${path}`), [
    "GET /v1/containers/bob",
    "GET /v1/containers/bob",
    "DELETE /v1/containers/bob",
    "GET /v1/containers?username=bob",
  ]);
});

import { assertEquals } from "@std/assert";
import type { ContainariumClient, LeftoverList } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import {
  keepAll,
  keepCollaborator,
  keepDomain,
  keepPolicy,
  keepPort,
  keepSecret,
  sendRaw,
} from "./keep.ts";

const alice = { username: "alice", ipAddress: "10.77.0.5" };

function kindsOf({ leftovers }: LeftoverList): readonly string[] {
  return leftovers.map(({ kind }) => kind);
}

async function deleteAlice(client: ContainariumClient): Promise<void> {
  await client.containers.delete("alice", { force: true });
}

Deno.test("leftovers.list names what a container's deletion would leave, by one request per kind", async () => {
  await using daemon = await startDaemon({ containers: [alice, { username: "bob" }] });
  using client = await clientOf(daemon);
  await keepAll(daemon, "alice");
  const before = daemon.requests.length;
  const list = await client.leftovers.list(alice);
  assertEquals(kindsOf(list), ["secret", "collaborator", "port", "network_policy", "access_rules"]);
  assertEquals(list.unread, []);
  const requests = daemon.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
  assertEquals(requests.sort(), [
    "GET /v1/containers/alice/acl",
    "GET /v1/containers/alice/collaborators",
    "GET /v1/network-policies",
    "GET /v1/network/passthrough",
    "GET /v1/network/routes",
    "GET /v1/secrets/alice",
  ]);
  const { leftovers } = await client.leftovers.list({ username: "bob" });
  assertEquals(leftovers, []);
});

Deno.test("leftovers.list counts a port that leads to the container's address unless it names another", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  using client = await clientOf(daemon);
  const target = { targetIp: "10.77.0.99", targetPort: 80 };
  await sendRaw(daemon, "POST", "/network/passthrough", { externalPort: 15_001, ...target });
  await keepPort(daemon, "bob", 15_002);
  const ports = async (ipAddress?: string) =>
    (await client.leftovers.list({ username: "alice", ipAddress }, { kinds: ["port"] })).leftovers
      .map((one) => one.kind === "port" && one.route.externalPort);
  assertEquals(await ports("10.77.0.99"), [15_001]);
  assertEquals(await ports("10.77.0.5"), []);
  assertEquals(await ports(), []);
});

Deno.test("leftovers.list says which kinds a token may not read, and never takes them for none", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  await keepAll(daemon, "alice");
  const token = await daemon.token({ username: "alice", roles: ["user"] });
  using client = await clientOf(daemon, { token });
  const { leftovers, unread } = await client.leftovers.list(alice);
  assertEquals(leftovers.map(({ kind }) => kind), ["secret", "collaborator", "access_rules"]);
  assertEquals(
    unread.map(({ kind, error }) => [kind, error.code]),
    [["port", "permission_denied"], ["network_policy", "permission_denied"]],
  );
});

Deno.test("leftovers.list asks a daemon that has none of it only once", async () => {
  await using daemon = await startDaemon({ containers: [alice], version: "0.6.0" });
  using client = await clientOf(daemon);
  const { leftovers, unread } = await client.leftovers.list(alice);
  assertEquals([leftovers, new Set(unread.map(({ error }) => error.code))], [
    [],
    new Set(["unsupported"]),
  ]);
  const before = daemon.requests.length;
  assertEquals((await client.leftovers.list(alice)).unread.length, unread.length);
  assertEquals(daemon.requests.length, before);
});

Deno.test("leftovers.listAll reads what all users share once", async () => {
  const containers = ["alice", "bob", "carol"].map((username) => ({ username }));
  await using daemon = await startDaemon({ containers });
  using client = await clientOf(daemon);
  await keepPort(daemon, "bob");
  await keepPolicy(daemon, "carol");
  await keepCollaborator(daemon, "alice");
  const before = daemon.requests.length;
  const all = await client.leftovers.listAll(containers);
  assertEquals([...all].map(([username, list]) => [username, kindsOf(list)]), [
    ["alice", ["collaborator"]],
    ["bob", ["port"]],
    ["carol", ["network_policy"]],
  ]);
  assertEquals(daemon.requests.length - before, 3 + 3 * 3);
});

Deno.test("leftovers.remove removes what was agreed to, and says that access rules remain", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  using client = await clientOf(daemon);
  await keepAll(daemon, "alice");
  await keepPort(daemon, "bob", 15_003);
  const { leftovers } = await client.leftovers.list(alice);
  await deleteAlice(client);
  const { removed, remaining, unread } = await client.leftovers.remove(alice, leftovers);
  assertEquals(removed.map(({ kind }) => kind), [
    "secret",
    "collaborator",
    "port",
    "network_policy",
  ]);
  assertEquals(
    remaining.map(({ leftover, error }) => [leftover.kind, error.code]),
    [["access_rules", "unsupported"]],
  );
  assertEquals(unread, []);
  const { leftovers: left } = await client.leftovers.list({ username: "alice" }, {
    kinds: ["secret", "collaborator", "port", "network_policy"],
  });
  assertEquals(left, []);
  assertEquals((await client.routes.listPorts()).map(({ externalPort }) => externalPort), [15_003]);
});

Deno.test("leftovers.remove removes nothing that was added or changed since, and reports it", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  using client = await clientOf(daemon);
  await keepPolicy(daemon, "alice");
  await keepCollaborator(daemon, "alice");
  await keepSecret(daemon, "alice");
  const { leftovers } = await client.leftovers.list(alice);
  await keepPolicy(daemon, "alice", ["192.0.2.0/24"]);
  await keepCollaborator(daemon, "alice", "ben");
  await sendRaw(daemon, "DELETE", "/containers/alice/collaborators/amy");
  await keepCollaborator(daemon, "alice", "amy");
  await keepPort(daemon, "alice");
  await keepSecret(daemon, "alice", "API_KEY", "another-value");
  await keepSecret(daemon, "alice", "DB_URL");
  await deleteAlice(client);
  const { removed, remaining } = await client.leftovers.remove(alice, leftovers);
  assertEquals(removed, []);
  assertEquals(
    remaining.map(({ leftover }) => leftover.kind),
    ["secret", "secret", "collaborator", "collaborator", "port", "network_policy"],
  );
  const reasons = new Set(remaining.map(({ error }) => error.reason));
  assertEquals(reasons, new Set(["changed_since_agreed"]));
  assertEquals(daemon.count("DELETE", "/v1/network-policies/alice"), 0);
});

Deno.test("leftovers.remove takes no domain for another one that leads to the same place", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  using client = await clientOf(daemon);
  await keepDomain(daemon, "web.test");
  const { leftovers } = await client.leftovers.list(alice);
  await deleteAlice(client);
  await keepDomain(daemon, "api.test");
  const { removed, remaining } = await client.leftovers.remove(alice, leftovers);
  assertEquals(removed.map(({ kind }) => kind), ["domain"]);
  assertEquals(
    remaining.map(({ leftover, error }) => [leftover.kind, error.reason]),
    [["domain", "changed_since_agreed"]],
  );
  assertEquals((await client.routes.list()).map(({ domain }) => domain), ["api.test"]);
});

Deno.test("leftovers.remove reports what fails half-way, as unknown where the response was lost", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  using client = await clientOf(daemon);
  await keepAll(daemon, "alice");
  const { leftovers } = await client.leftovers.list(alice);
  await deleteAlice(client);
  daemon.dropNext("DELETE", "after-read", "/v1/containers/alice/collaborators/amy");
  daemon.inject({
    kind: "answer",
    status: 500,
    body: "broken",
    method: "DELETE",
    path: "/v1/network-policies/alice",
  });
  const { removed, remaining } = await client.leftovers.remove(alice, leftovers);
  assertEquals(removed.map(({ kind }) => kind), ["secret", "port"]);
  assertEquals(
    remaining.map(({ leftover, error }) => [leftover.kind, error.code]),
    [["collaborator", "ambiguous"], ["network_policy", "internal"], [
      "access_rules",
      "unsupported",
    ]],
  );
});

Deno.test("leftovers.remove needs no more rights than it has: what it may not see now remains", async () => {
  await using daemon = await startDaemon({ containers: [alice] });
  using admin = await clientOf(daemon);
  await keepAll(daemon, "alice");
  const { leftovers } = await admin.leftovers.list(alice);
  const token = await daemon.token({ username: "alice", roles: ["user"] });
  using client = await clientOf(daemon, { token });
  const { removed, remaining } = await client.leftovers.remove(alice, leftovers);
  assertEquals(removed.map(({ kind }) => kind), ["secret", "collaborator"]);
  assertEquals(
    remaining.map(({ leftover, error }) => [leftover.kind, error.code]),
    [
      ["port", "permission_denied"],
      ["network_policy", "permission_denied"],
      ["access_rules", "unsupported"],
    ],
  );
});

Deno.test("leftovers.list asks a daemon without a store for secrets only once", async () => {
  await using daemon = await startDaemon({ containers: [alice], appHosting: false });
  using client = await clientOf(daemon);
  for (let call = 0; call < 2; call++) {
    const { unread } = await client.leftovers.list(alice);
    assertEquals(unread.map(({ kind, error }) => [kind, error.reason]), [
      ["secret", "no_secrets_store"],
    ]);
  }
  assertEquals(daemon.count("GET", "/v1/secrets/alice"), 1);
});

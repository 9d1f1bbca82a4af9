import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { ed25519Of } from "../../client/ssh_keys/make_key.ts";
import { canAsk } from "./asking.ts";
import { answering } from "../../answering.ts";
import { writes } from "../../writes.ts";

const username = "alice";
const key = `${ed25519Of(new Uint8Array(32).fill(7))} bob@laptop`;
const bob = { username, collaborator: "bob", "public_keys": [key] };

Deno.test("add_collaborator answers with a login that is true, not with the daemon's blanks", async () => {
  await using daemon = await startDaemon({ containers: [{ username, ipAddress: "10.77.0.5" }] });
  await using server = await connect(daemon, canAsk);
  const asked = answering(server);
  const { text } = await server.call("add_collaborator", bob);
  assertEquals(text.split("\n").slice(0, 2), [
    "Added bob: account alice-container-bob, 1 key.",
    "ssh alice-container-bob@10.77.0.5",
  ]);
  assertStringIncludes(text, "it stays when alice-container is deleted");
  assert(!/jumpserver|container-ip/.test(text));
  assertEquals(asked, []);
  const again = await server.call("add_collaborator", bob);
  assertEquals([again.isError, again.reason], [true, "collaborator_exists"]);
  assertStringIncludes(again.text, "call remove_collaborator");
});

Deno.test("list_collaborators shows at most 200, and says how many more there are", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon, canAsk);
  answering(server);
  await server.call("add_collaborator", bob);
  daemon.inject({
    kind: "rewritten",
    path: "/v1/containers/alice/collaborators",
    rewrite: (body) => {
      const { collaborators: [one] } = JSON.parse(body);
      return JSON.stringify({ collaborators: Array(203).fill(one), totalCount: 203 });
    },
  });
  const { text, structuredContent } = await server.call("list_collaborators", { username });
  assertEquals(Reflect.get(Object(structuredContent), "collaborators").length, 200);
  assertStringIncludes(text, "3 more are not shown.");
});

Deno.test("add_collaborator leaves the login out where it is not known", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  daemon.inject({
    kind: "rewritten",
    times: Infinity,
    path: "/v1/containers/alice",
    rewrite: (body) => body.replaceAll('"sshHost":""', '"sshHost":"sentinel.example"'),
  });
  await using server = await connect(daemon, canAsk);
  const { text } = await server.call("add_collaborator", bob);
  assertStringIncludes(text, "Ask the host's operator how this account logs in");
  assert(!text.includes("ssh alice"), text);
});

Deno.test("add_collaborator asks before somebody may become root", async (t) => {
  const cases = [
    [
      { sudo: true },
      "Give bob an account in alice-container that may sudo there? They can then do whatever alice " +
      "can, and read all data in it.",
    ],
    [
      { container_runtime: true },
      "Give bob an account in alice-container that may run containers there? That is usually enough " +
      "to become root in it.",
    ],
  ] as const;
  for (const [rights, question] of cases) {
    await t.step(JSON.stringify(rights), async () => {
      await using daemon = await startDaemon({ containers: [{ username }] });
      await using server = await connect(daemon, canAsk);
      const asked = answering(server, false, true);
      assertEquals((await server.call("add_collaborator", { ...bob, ...rights })).isError, true);
      assertEquals(writes(daemon), []);
      assertEquals((await server.call("add_collaborator", { ...bob, ...rights })).isError, false);
      assertEquals(asked, [question, question]);
    });
  }
});

Deno.test("add_collaborator refuses a private key without repeating it", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon, canAsk);
  const secret = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ";
  const pem = `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`;
  const { isError, text } = await server.call("add_collaborator", { ...bob, public_keys: [pem] });
  assertEquals(isError, true);
  assertStringIncludes(text, "this is a private key");
  assert(!text.includes(secret));
  assertEquals(writes(daemon), []);
});

Deno.test("list_collaborators shows who has which rights and keys, and knows no missing container", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon, canAsk);
  answering(server, true);
  await server.call("add_collaborator", { ...bob, sudo: true });
  const { text } = await server.call("list_collaborators", { username });
  const [header = "", row = ""] = text.split("\n");
  assertEquals(header.split(/ {2,}/), ["name", "account", "rights", "added", "keys"]);
  const [name, account, rights, , keys = ""] = row.split(/ {2,}/);
  assertEquals([name, account, rights], ["bob", "alice-container-bob", "sudo"]);
  assert(/^ssh-ed25519 SHA256:[\w+/]{43} bob@laptop$/.test(keys), keys);
  const other = await server.call("list_collaborators", { username: "alise" });
  assertEquals(other.isError, true);
  assertStringIncludes(other.text, "There is no container for alise");
});

Deno.test("remove_collaborator asks first, and works without the container", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon, canAsk);
  const asked = answering(server, false, true);
  await server.call("add_collaborator", bob);
  const gone = { username, collaborator: "bob" };
  assertEquals((await server.call("remove_collaborator", gone)).isError, true);
  assertEquals(writes(daemon).length, 1);
  assertEquals(
    (await server.call("remove_collaborator", gone)).text,
    "Removed the collaborator bob of alice-container.",
  );
  assertEquals(
    asked[0],
    'Remove the collaborator "bob" of alice-container, with the account "alice-container-bob"? The ' +
      "account's own files may go with it.",
  );
  assertEquals(
    (await server.call("remove_collaborator", gone)).text,
    "alice-container has no collaborator bob; nothing was removed.",
  );
});

Deno.test("a user lets others into their own container, and into no other", async () => {
  await using daemon = await startDaemon({ containers: [{ username }, { username: "zoe" }] });
  const token = await daemon.token({ username, roles: ["user"] });
  await using server = await connect({ url: daemon.url, token }, canAsk);
  assertEquals((await server.call("add_collaborator", bob)).isError, false);
  const other = await server.call("add_collaborator", { ...bob, username: "zoe" });
  assertEquals([other.isError, other.reason], [true, "other_tenant"]);
});

/** Accounts of others in containers: who gets one, and what is not sent. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { writes } from "../../writes.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGho u@y";

async function refusal(call: Promise<unknown>): Promise<ContainariumError> {
  return await assertRejects(() => call, ContainariumError);
}

Deno.test("collaborators.add() gives an account, and reads back its rights and keys", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const { collaborator } = await client.collaborators.add("alice", "bob", [KEY, ` ${KEY}2`], {
    hasSudo: true,
  });
  assertEquals(
    [collaborator.accountName, collaborator.hasSudo, collaborator.hasContainerRuntime],
    ["alice-container-bob", true, false],
  );
  assertEquals(collaborator.keys, [KEY, `${KEY}2`]);
  const again = await refusal(client.collaborators.add("alice", "bob", [KEY]));
  assertEquals([again.code, again.reason], ["conflict", "collaborator_exists"]);
  assertEquals(writes(daemon), ["POST /v1/containers/alice/collaborators"]);
});

Deno.test("collaborators.add() refuses what cannot work before anything is sent", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "zoe", state: "CONTAINER_STATE_STOPPED" }],
  });
  using client = await clientOf(daemon);
  const secret = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ";
  const pem = `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`;
  const cases: readonly (readonly [string, string, readonly string[], string])[] = [
    ["alice", "Dan X", [KEY], "letters, digits, dashes and underscores"],
    ["alice", "-dan", [KEY], "letters, digits, dashes and underscores"],
    ["alice", "averyveryverylongname", [KEY], "choose a name of at most 16"],
    ["averyveryverylongname12", "bob", [KEY], "this container cannot have collaborators"],
    ["alice", "alice", [KEY], "alice owns the container"],
    ["alice", "bob", [], "needs at least one SSH public key"],
    ["alice", "bob", ["nonsense"], "expected one line of a .pub file"],
    ["alice", "bob", [KEY, pem], "this is a private key"],
    ["zoe", "bob", [KEY], "zoe-container is stopped"],
    ["nobody", "bob", [KEY], "There is no container for nobody"],
  ];
  for (const [username, name, keys, message] of cases) {
    await t.step(message, async () => {
      const error = await refusal(client.collaborators.add(username, name, keys));
      assert(error.message.includes(message), error.message);
      assert(!error.message.includes(secret));
    });
  }
  assertEquals(writes(daemon), []);
});

Deno.test("collaborators.add() adds an account only in the container that was agreed to", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const container = await client.containers.get("alice");
  const agreed = { container: { ...container, createdAt: new Date(0) } };
  const error = await refusal(client.collaborators.add("alice", "bob", [KEY], { agreed }));
  assertEquals(error.reason, "changed_since_agreed");
  assertEquals(writes(daemon), []);
});

Deno.test("collaborators.add() does not take the daemon's word for it", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  daemon.inject({ kind: "answer", method: "POST", status: 200, body: '{"message":"added"}' });
  const error = await refusal(client.collaborators.add("alice", "bob", [KEY]));
  assertEquals([error.code, error.reason], ["internal", "not_applied"]);
  // One of two keys is left out.
  daemon.inject({
    kind: "rewritten",
    method: "GET",
    path: "/v1/containers/alice/collaborators",
    times: Infinity,
    rewrite: (body) => body.replace(/\\n[^"]*"/, '"'),
  });
  const fewer = await refusal(client.collaborators.add("alice", "carl", [KEY, `${KEY}2`]));
  assertEquals([fewer.code, fewer.reason], ["internal", "not_applied"]);
});

Deno.test("collaborators.remove() removes no grant but the one that was agreed to", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const { collaborator: agreed } = await client.collaborators.add("alice", "bob", [KEY]);
  await client.collaborators.remove("alice", "bob");
  await client.collaborators.add("alice", "bob", [KEY], { hasSudo: true });
  const { reason } = await refusal(client.collaborators.remove("alice", "bob", { agreed }));
  assertEquals(reason, "changed_since_agreed");
  assertEquals((await client.collaborators.list("alice")).length, 1);
});

Deno.test("collaborators.remove() refuses a container that does not run: the account would stay in it", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  await client.collaborators.add("alice", "bob", [KEY], { hasSudo: true });
  await client.containers.stop("alice");
  const error = await refusal(client.collaborators.remove("alice", "bob"));
  assertEquals([error.code, error.reason], ["failed_precondition", "not_running"]);
  assertEquals(writes(daemon).filter((write) => write.startsWith("DELETE")), []);
  await client.containers.start("alice");
  assertEquals((await client.collaborators.remove("alice", "bob")).removed?.name, "bob");
});

Deno.test("collaborators.remove() removes what a deleted container has left", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  await client.collaborators.add("alice", "bob", [KEY]);
  await client.containers.delete("alice", { force: true });
  assertEquals((await client.collaborators.remove("alice", "bob")).removed?.name, "bob");
});

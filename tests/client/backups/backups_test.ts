/** What the client makes of the daemon's backups, and what it does not send. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Backup, ContainariumError, type CreateBackupResult } from "../../../client/mod.ts";
import { daemonWith, PASSWORD } from "../../postgres_daemon.ts";
import { startTwoHosts } from "../../two_hosts.ts";
import { clientOf } from "../connect.ts";
import { writes } from "../../writes.ts";

const login = { user: "app", passwordSecret: "DB_PASSWORD" };

async function refusal(call: Promise<unknown>): Promise<ContainariumError> {
  return await assertRejects(() => call, ContainariumError);
}

function endOf(
  result: CreateBackupResult,
): Exclude<CreateBackupResult, { readonly kind: "pending" }> {
  assert(result.kind === "ended");
  return result;
}

const idsOf = (backups: readonly Backup[]) => backups.map(({ id }) => id);

Deno.test("backups.list() lists what is of a user, also for a token that the daemon shows its own instead", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const alices = daemon.backUp("alice", "appdb");
  const bobs = daemon.backUp("bob", "appdb");
  assertEquals(idsOf(await client.backups.list()), [bobs, alices]);
  assertEquals(idsOf(await client.backups.list({ username: "alice" })), [alices]);
  using bob = await clientOf(daemon, { token: await daemon.token({ username: "bob" }) });
  assertEquals(idsOf(await bob.backups.list()), [bobs]);
  assertEquals(await bob.backups.list({ username: "alice" }), []);
});

Deno.test("backups.get() reads a backup, and says which one was probably meant", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const id = daemon.backUp("alice", "appdb");
  const { createdAt, sha256, location, ...backup } = await client.backups.get(id);
  assert(createdAt instanceof Date && /^[0-9a-f]{64}$/.test(sha256) && location?.endsWith(".dump"));
  assertEquals(backup, {
    id,
    username: "alice",
    database: "appdb",
    sizeBytes: 4701,
    destination: "local",
    relationCount: 1,
    lastVerification: undefined,
  });
  const { code, reason, details } = await refusal(client.backups.get(`${id.slice(0, -2)}Y`));
  assertEquals([code, reason, details.meant], ["not_found", "backup_missing", id]);
});

Deno.test("backups.create() backs up one database or all, with a password that nobody is shown", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const one = endOf(await client.backups.create("alice", { ...login, database: "appdb" }));
  assertEquals(one.created.map(({ database }) => database), ["appdb"]);
  assertEquals([one.overwritten, one.lost, one.failures], [[], [], []]);
  const all = endOf(await client.backups.create("bob", login));
  assertEquals(all.created.map(({ database }) => database), ["appdb", "postgres"]);
  assert(!JSON.stringify([one, all]).includes(PASSWORD));
});

Deno.test("backups.create() keeps every backup of one second apart", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const options = { ...login, database: "appdb" };
  const first = endOf(await client.backups.create("alice", options));
  const second = endOf(await client.backups.create("alice", options));
  const ids = idsOf([...first.created, ...second.created]);
  assertEquals(new Set(ids).size, 2, ids.join(" "));
  assertEquals(idsOf(await client.backups.list({ username: "alice" })), ids.toReversed());
});

Deno.test("backups.create() called twice at once makes one backup, and says so of other arguments", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const options = { ...login, database: "appdb" };
  const hold = daemon.hold("POST", "/v1/backups");
  const two = [client.backups.create("alice", options), client.backups.create("alice", options)];
  await hold.reached;
  const others = client.backups.create("alice", login);
  await others.catch(() => {});
  hold.release();
  const both = await Promise.allSettled([...two, others]);
  const [one, same, other] = both.map((settled) =>
    settled.status === "fulfilled" && settled.value.kind === "ended"
      ? idsOf(settled.value.created)
      : settled.status === "rejected" && settled.reason.reason
  );
  assertEquals(one, same);
  assertEquals(other, "pending_with_other_arguments");
  assertEquals((await client.backups.list()).length, 1);
});

Deno.test("backups.create() reports a backup whose place another one took in the same second", async () => {
  // The daemon's clock stands still, and is not near this one's.
  await using daemon = await daemonWith({ clock: () => Date.parse("2026-01-01T00:00:00Z") });
  using client = await clientOf(daemon);
  const earlier = daemon.backUp("alice", "appdb");
  const { created, overwritten } = endOf(
    await client.backups.create("alice", { ...login, database: "appdb" }),
  );
  assertEquals([idsOf(created), idsOf(overwritten)], [[earlier], [earlier]]);
});

Deno.test("backups.create() reports a backup that the daemon does not list afterwards", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  daemon.inject({
    kind: "rewritten",
    method: "GET",
    path: "/v1/backups",
    times: 2,
    rewrite: (body) => body.replaceAll(/"sha256":"\w+"/g, '"sha256":"another"'),
  });
  const { created, lost } = endOf(
    await client.backups.create("alice", { ...login, database: "appdb" }),
  );
  assertEquals([created.length, lost.length], [0, 1]);
});

Deno.test("backups.create() may go on after the wait, and the same call joins it", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  daemon.inject({ kind: "latency", method: "POST", path: "/v1/backups", ms: 300 });
  const options = { ...login, database: "appdb" };
  assertEquals(await client.backups.create("alice", { ...options, waitMs: 0 }), {
    kind: "pending",
  });
  const { created } = endOf(await client.backups.create("alice", options));
  assertEquals(created.length, 1);
  assertEquals(writes(daemon), ["POST /v1/backups"]);
});

Deno.test("backups.create() names what keeps the daemon out of the database", async (t) => {
  const cases = {
    "a wrong password": [{ user: "app", passwordSecret: "WRONG" }, "database_login_failed"],
    "no password": [{ user: "app" }, "database_login_failed"],
    "another user": [{ ...login, user: "nobody" }, "database_login_failed"],
    "another port": [{ ...login, port: 5999 }, "database_unreachable"],
    "no such database": [{ ...login, database: "nope" }, "database_missing"],
    "no such secret": [{ ...login, passwordSecret: "DB_PASSWORT" }, "secret_missing"],
  } as const;
  await using daemon = await daemonWith({
    secrets: [
      { username: "alice", name: "DB_PASSWORD", value: PASSWORD },
      { username: "alice", name: "WRONG", value: "other-v4lue" },
    ],
  });
  using client = await clientOf(daemon);
  for (const [name, [options, expected]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const call = client.backups.create("alice", { database: "appdb", ...options });
      assertEquals((await refusal(call)).reason, expected);
    });
  }
  await t.step("no PostgreSQL", async () => {
    await using bare = await daemonWith({ postgresBoxes: [] });
    using client = await clientOf(bare);
    for (const database of [undefined, "appdb"]) {
      const { code, reason } = await refusal(
        client.backups.create("alice", { ...login, database }),
      );
      assertEquals([code, reason], ["failed_precondition", "no_database_programs"]);
    }
  });
});

Deno.test("backups.create() sends nothing that could send a password elsewhere, or that cannot work", async (t) => {
  await using daemon = await daemonWith({
    containers: [{ username: "alice", state: "CONTAINER_STATE_STOPPED" }],
  });
  using client = await clientOf(daemon);
  const names = ["host=evil.test dbname=x", "postgresql://evil.test/x", "-f", "../x", "a b", ""];
  for (const name of names) {
    await t.step(`the name ${name}`, async () => {
      for (const options of [{ database: name }, { database: "appdb", user: name }]) {
        const { code } = await refusal(client.backups.create("alice", { ...login, ...options }));
        assertEquals(code, "invalid_argument");
      }
    });
  }
  await t.step("others", async () => {
    const calls = [
      [() => client.backups.create("alice", { bucket: "https://x" }), "invalid_argument"],
      [() => client.backups.create("alice", { port: 70_000 }), "invalid_argument"],
      [() => client.backups.create("alice", login), "not_running"],
      [() => client.backups.create("nobody", login), "not_found"],
      [() => client.backups.get("../containers/alice"), "invalid_argument"],
    ] as const;
    for (const [call, expected] of calls) {
      const { code, reason } = await refusal(call());
      assertEquals(reason ?? code, expected);
    }
  });
  assertEquals(writes(daemon), []);
});

Deno.test("backups keep a short password out of what they throw and return", async () => {
  const password = "apppw";
  await using daemon = await daemonWith({
    secrets: [{ username: "alice", name: "DB_PASSWORD", value: password }],
  });
  using client = await clientOf(daemon);
  const body = JSON.stringify({ error: `backup failed: cannot use ${password}` });
  daemon.inject({ kind: "answer", method: "POST", status: 500, body });
  const error = await refusal(client.backups.create("alice", { ...login, database: "appdb" }));
  assert(!`${error.message} ${error.responseText} ${error.stack}`.includes(password));
  assertStringIncludes(error.message, "they contain the password");
});

Deno.test("backups keep a short password out of what the daemon says of databases and checks", async () => {
  const password = "apppw";
  await using daemon = await daemonWith({
    secrets: ["alice", "bob"].map((username) => ({
      username,
      name: "DB_PASSWORD",
      value: password,
    })),
  });
  using client = await clientOf(daemon);
  const answer = (body: unknown) =>
    daemon.inject({ kind: "answer", method: "POST", status: 200, body: JSON.stringify(body) });
  const words = `cannot use ${password}`;
  answer({ records: [], failures: [`appdb: ${words}`] });
  const { failures } = endOf(await client.backups.create("alice", login));
  const checks = [{ name: "restore", passed: false, detail: words }];
  answer({ verification: { result: "VERIFICATION_RESULT_FAILED", error: words, checks } });
  const id = daemon.backUp("alice", "appdb");
  const verified = await client.backups.verify(id, "bob", login);
  assert(verified.kind === "ended");
  const { verification } = verified;
  assertEquals([failures.length, verification.checks.length], [1, 1]);
  assert(!JSON.stringify([failures, verification]).includes(password));
});

Deno.test("backups.create() joins no backup of a container that was re-created, and of none of another host", async (t) => {
  await t.step("re-created", async () => {
    await using daemon = await daemonWith();
    using client = await clientOf(daemon);
    daemon.inject({ kind: "latency", method: "POST", path: "/v1/backups", ms: 300 });
    const options = { ...login, database: "appdb" };
    await client.backups.create("alice", { ...options, waitMs: 0 });
    daemon.replace({ username: "alice", createdAt: new Date("2026-01-02T03:04:05Z") });
    const { reason } = await refusal(client.backups.create("alice", options));
    assertEquals(reason, "pending_with_other_arguments");
  });
  await t.step("on another host", async () => {
    await using hosts = await startTwoHosts({}, { containers: [{ username: "alice" }] });
    using client = await clientOf(hosts.near);
    assertEquals((await refusal(client.backups.create("alice"))).reason, "other_host");
    assertEquals(writes(hosts.near), []);
  });
});

Deno.test("backups.restore() restores with clean, and without it reports parts that may be done", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const id = daemon.backUp("alice", "appdb");
  const { reason, code } = await refusal(client.backups.restore(id, login));
  assertEquals([code, reason], ["failed_precondition", "restored_in_part"]);
  const restored = await client.backups.restore(id, { ...login, clean: true });
  assert(restored.kind === "restored");
  assertEquals([restored.backup.id, restored.database], [id, "appdb"]);
  const empty = await client.backups.restore(id, { ...login, database: "postgres" });
  assertEquals(empty.kind === "restored" && empty.database, "postgres");
});

Deno.test("backups.restore() sends no password where the backup's own database is a connection string", async (t) => {
  for (const database of ["host=evil.test dbname=x", "postgresql://evil.test/x"]) {
    await t.step(database, async () => {
      await using daemon = await daemonWith();
      using client = await clientOf(daemon);
      const id = daemon.backUp("alice", "appdb");
      daemon.inject({
        kind: "rewritten",
        method: "GET",
        path: `/v1/backups/${id}`,
        times: Infinity,
        rewrite: (body) => body.replace('"database":"appdb"', `"database":"${database}"`),
      });
      const { code } = await refusal(client.backups.restore(id, { ...login, clean: true }));
      assertEquals([code, writes(daemon)], ["invalid_argument", []]);
      const { kind } = await client.backups.restore(id, {
        ...login,
        database: "appdb",
        clean: true,
      });
      assertEquals(kind, "restored");
    });
  }
});

Deno.test("backups.restore() refuses a damaged archive", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const id = daemon.backUp("alice", "appdb");
  daemon.damageBackup(id);
  const { code, reason } = await refusal(client.backups.restore(id, { ...login, clean: true }));
  assertEquals([code, reason], ["failed_precondition", "backup_damaged"]);
});

Deno.test("backups.restore() and delete() do no more than was agreed to", async (t) => {
  const clock = () => Date.parse("2026-01-01T00:00:00Z");
  const createdAt = new Date("2026-01-01T00:00:00Z");
  await t.step("another archive of the same id", async () => {
    await using daemon = await daemonWith({ clock });
    using client = await clientOf(daemon);
    const id = daemon.backUp("alice", "appdb");
    const agreed = await client.backups.look(id);
    const backup = { ...await client.backups.get(id), sha256: "another" };
    const options = { ...login, clean: true, agreed: { ...agreed, backup } };
    const restored = await refusal(client.backups.restore(id, options));
    const deleted = await refusal(client.backups.delete(id, { agreed: { backup } }));
    assertEquals([restored.reason, deleted.reason], [
      "changed_since_agreed",
      "changed_since_agreed",
    ]);
    assertEquals(writes(daemon), []);
  });
  await t.step("a backup that was not there", async () => {
    await using daemon = await daemonWith();
    using client = await clientOf(daemon);
    const id = daemon.backUp("alice", "appdb");
    const call = client.backups.delete(id, { agreed: {} });
    assertEquals((await refusal(call)).reason, "changed_since_agreed");
    assertEquals(writes(daemon), []);
  });
  await t.step("another container of the same name", async () => {
    await using daemon = await daemonWith({ containers: [{ username: "alice", createdAt }] });
    using client = await clientOf(daemon);
    const id = daemon.backUp("alice", "appdb");
    const agreed = await client.backups.look(id);
    daemon.replace({ username: "alice" });
    const call = client.backups.restore(id, { ...login, clean: true, agreed });
    assertEquals((await refusal(call)).reason, "changed_since_agreed");
    assertEquals(writes(daemon), []);
  });
});

Deno.test("backups.verify() tells a bad backup from a test that could not be done", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const id = daemon.backUp("alice", "appdb");
  const results = async (options: object) => {
    const tested = await client.backups.verify(id, "bob", options);
    assert(tested.kind === "ended");
    return tested.verification;
  };
  const passed = await results(login);
  assertEquals([passed.result, passed.error, passed.checks.length], ["passed", undefined, 4]);
  assertEquals((await results({ user: "app" })).result, "not_tested");
  daemon.damageBackup(id);
  const failed = await results(login);
  assertEquals([failed.result, failed.checks.at(-1)?.name], ["failed", "integrity"]);
  assertStringIncludes(failed.error ?? "", "dump integrity check failed");
  assertEquals((await client.backups.get(id)).lastVerification?.result, "failed");
});

Deno.test("backups.verify() refuses the container that the backup is from", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const id = daemon.backUp("alice", "appdb");
  assertEquals((await refusal(client.backups.verify(id, "alice", login))).code, "invalid_argument");
  assertEquals((await refusal(client.backups.verify(id, "nobody", login))).code, "not_found");
  assertEquals(writes(daemon), []);
});

Deno.test("backups.delete() reads back that the backup is gone", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  const id = daemon.backUp("alice", "appdb");
  assertEquals((await client.backups.delete(id)).deleted?.id, id);
  assertEquals((await client.backups.delete(id)).deleted, undefined);
  const kept = daemon.backUp("alice", "postgres");
  daemon.inject({ kind: "answer", method: "DELETE", status: 200, body: '{"message":"deleted"}' });
  assertEquals((await refusal(client.backups.delete(kept))).code, "internal");
});

Deno.test("backups at a daemon that does not know them are unsupported", async () => {
  await using daemon = await daemonWith({ version: "0.6.0" });
  using client = await clientOf(daemon);
  assertEquals((await refusal(client.backups.list())).code, "unsupported");
});

/** What the client makes of the daemon's secrets, and what it does not send. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type ContainariumClient,
  ContainariumError,
  randomSecret,
  type SecretDelivery,
} from "../../../client/mod.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { writes } from "../../writes.ts";

const VALUE = 'v4lue-"with"-quotes & <more>\n';

const seeds = [
  { username: "alice", name: "CERT", value: VALUE, delivery: "file" },
  { username: "alice", name: "API_KEY", value: VALUE },
  { username: "alice", name: "DB_URL", value: VALUE, delivery: "compose" },
] as const;

/** Starts a daemon with alice's container and those secrets. */
async function daemonWithSecrets(): Promise<Daemon> {
  return await startDaemon({ containers: [{ username: "alice" }], secrets: seeds });
}

async function refusal(call: Promise<unknown>): Promise<ContainariumError> {
  return await assertRejects(() => call, ContainariumError);
}

Deno.test("secrets.list() lists by name, without values", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  const secrets = await client.secrets.list("alice");
  assertEquals(secrets.map(({ name, delivery, version }) => [name, delivery, version]), [
    ["API_KEY", "env", 1],
    ["CERT", "file", 1],
    ["DB_URL", "compose", 1],
  ]);
  assert(secrets.every(({ updatedAt }) => updatedAt instanceof Date));
  assert(!JSON.stringify(secrets).includes("v4lue"));
  assertEquals(await client.secrets.list("nobody"), []);
});

Deno.test("secrets.list() reads the delivery of older daemons", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  const deliveries: readonly (readonly [string, SecretDelivery])[] = [
    ['"delivery":"file"', "file"],
    ['"deliveryMode":"SECRET_DELIVERY_COMPOSE","delivery":"compose"', "compose"],
    ['"delivery":""', "env"],
    ['"version":1', "env"],
  ];
  for (const [fields, expected] of deliveries) {
    const body = `{"secrets":[{"username":"alice","name":"A",${fields}}]}`;
    daemon.inject({ kind: "answer", method: "GET", status: 200, body });
    assertEquals((await client.secrets.list("alice"))[0]?.delivery, expected);
  }
});

Deno.test("secrets.get() returns the value as it was set", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  assertEquals((await client.secrets.get("alice", "CERT")).value, VALUE);
});

Deno.test("secrets.get() says which secret was probably meant", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  const { code, reason, details, message } = await refusal(client.secrets.get("alice", "API_KEI"));
  assertEquals([code, reason, details.secret, details.meant], [
    "not_found",
    "secret_missing",
    "API_KEI",
    "API_KEY",
  ]);
  assertEquals(message, "alice-container has no secret API_KEI");
});

Deno.test("secrets.set() puts a secret into the container, each way", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  for (const delivery of ["env", "file", "compose"] as const) {
    const name = delivery.toUpperCase();
    const { secret, replaced, undelivered } = await client.secrets.set("alice", name, VALUE, {
      delivery,
    });
    assertEquals([secret.delivery, secret.version, replaced, undelivered], [
      delivery,
      1,
      undefined,
      0,
    ]);
  }
  assertEquals(daemon.delivered("alice"), {
    env: { ENV: VALUE },
    files: { FILE: VALUE },
    compose: { COMPOSE: VALUE },
  });
});

Deno.test("secrets.set() keeps the delivery of what it replaces, which the daemon would turn into env", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  for (const { name, ...seed } of seeds) {
    const delivery = "delivery" in seed ? seed.delivery : "env";
    const { secret, replaced } = await client.secrets.set("alice", name, "other-value");
    assertEquals([secret.delivery, secret.version, replaced?.version], [delivery, 2, 1]);
  }
  const { secret } = await client.secrets.set("alice", "CERT", "third-value", { delivery: "env" });
  assertEquals([secret.delivery, secret.version], ["env", 3]);
});

Deno.test("secrets.set() sends nothing that the daemon should not have taken", async (t) => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  const names = ["PATH", "HOME", "SHELL", "USER", "TERM", "LANG", "LD_PRELOAD", "LD_LIBRARY_PATH"];
  const cases: readonly (readonly [string, Promise<unknown>])[] = [
    ...[...names, "api_key", "1KEY", "A-B", "A B", "", "A".repeat(129)].map((name) =>
      [`the name ${name.slice(0, 20)}`, client.secrets.set("alice", name, VALUE)] as const
    ),
    ["a value with NUL", client.secrets.set("alice", "A", "a\0b")],
    ["a value of half a character", client.secrets.set("alice", "A", "\ud800")],
    ["a value of more than 64 KiB", client.secrets.set("alice", "A", "a".repeat(65_537))],
    ["a value of more than 64 KiB in UTF-8", client.secrets.set("alice", "A", "ü".repeat(32_769))],
    ["a username that is a path", client.secrets.set("alice/..", "A", VALUE)],
  ];
  for (const [name, call] of cases) {
    await t.step(name, async () => {
      const { code, message } = await refusal(call);
      assertEquals(code, "invalid_argument");
      assert(!message.includes("v4lue"), message);
    });
  }
  assertEquals(daemon.requests, []);
  await client.secrets.set("alice", "LDAP_PASSWORD", "a".repeat(65_536));
});

Deno.test("secrets.set() refuses a container that does not exist, which the daemon does not", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  const { code, message } = await refusal(client.secrets.set("nobody", "API_KEY", VALUE));
  assertEquals([code, message], ["not_found", "There is no container for nobody"]);
  assertEquals(writes(daemon), []);
});

Deno.test("secrets.set() reports a delivery that the daemon has not done", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  daemon.inject({
    kind: "rewritten",
    method: "POST",
    path: "/v1/secrets/alice/refresh",
    rewrite: () => '{"stamped":1}',
  });
  const { undelivered } = await client.secrets.set("alice", "API_KEY", VALUE);
  assertEquals(undelivered, 2);
});

Deno.test("secrets.set() fails if the daemon keeps another delivery or version than it accepted", async (t) => {
  const rewrites: Readonly<Record<string, (body: string) => string>> = {
    "another delivery": (body) => body.replaceAll("FILE", "ENV").replaceAll('"file"', '"env"'),
    "another version": (body) => body.replaceAll('"version":1', '"version":7'),
    "none": () => "{}",
  };
  for (const [name, rewrite] of Object.entries(rewrites)) {
    await t.step(name, async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
      using client = await clientOf(daemon);
      daemon.inject({
        kind: "rewritten",
        method: "GET",
        path: "/v1/secrets/alice",
        times: 2,
        rewrite,
      });
      const call = client.secrets.set("alice", "NEW", VALUE, { delivery: "file" });
      const { code, reason, message } = await refusal(call);
      assertEquals([code, reason], ["internal", "secret_not_applied"]);
      assertStringIncludes(message, "The daemon accepted the secret NEW");
    });
  }
});

Deno.test("secrets.set() says that the secret is stored if it cannot be put into the container", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  const path = "/v1/secrets/alice/refresh";
  daemon.inject({ kind: "answer", method: "POST", path, status: 500, body: '{"error":"no"}' });
  const { message } = await refusal(client.secrets.set("alice", "API_KEY", VALUE));
  assertStringIncludes(message, "accepted the secret API_KEY, but whether alice-container gets it");
});

Deno.test("secrets.get() says that there is no such secret, also if the others cannot be listed", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  const path = "/v1/secrets/alice";
  daemon.inject({ kind: "answer", method: "GET", path, status: 503, body: "{}", times: 9 });
  const { code, reason, details } = await refusal(client.secrets.get("alice", "API_KEI"));
  assertEquals([code, reason, details.meant], ["not_found", "secret_missing", undefined]);
});

Deno.test("secrets.delete() deletes from the store, and from Compose's file", async () => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  await client.secrets.refresh("alice");
  for (const { name } of seeds) {
    assertEquals((await client.secrets.delete("alice", name)).deleted?.name, name);
  }
  assertEquals(await client.secrets.delete("alice", "CERT"), { deleted: undefined });
  assertEquals(daemon.delivered("alice"), {
    env: { API_KEY: VALUE },
    files: { CERT: VALUE },
    compose: {},
  });
});

Deno.test("secrets.delete() removes what an earlier container left, PATH included", async () => {
  await using daemon = await startDaemon({
    secrets: [{ username: "bob", name: "PATH", value: "/x" }],
  });
  using client = await clientOf(daemon);
  await client.secrets.delete("bob", "PATH");
  assertEquals(await client.secrets.list("bob"), []);
});

/** Each thing that can be asked of secrets. */
const calls: Readonly<Record<string, (client: ContainariumClient) => Promise<unknown>>> = {
  list: (client) => client.secrets.list("alice"),
  get: (client) => client.secrets.get("alice", "API_KEY"),
  set: (client) => client.secrets.set("alice", "API_KEY", VALUE),
  delete: (client) => client.secrets.delete("alice", "API_KEY"),
  refresh: (client) => client.secrets.refresh("alice"),
};

Deno.test("secrets at a daemon without a store fail with one reason, and are asked for once", async (t) => {
  await using daemon = await startDaemon({
    appHosting: false,
    containers: [{ username: "alice" }],
  });
  using client = await clientOf(daemon);
  for (const [name, call] of Object.entries(calls)) {
    await t.step(name, async () => {
      const before = daemon.requests.length;
      const { code, reason, message } = await refusal(call(client));
      assertEquals([code, reason], ["failed_precondition", "no_secrets_store"]);
      assertEquals(message, "This daemon has no store for secrets");
      assertEquals(daemon.requests.length - before, 1);
    });
  }
});

Deno.test("secrets at a daemon that does not know them are unsupported", async (t) => {
  await using daemon = await startDaemon({
    version: "0.6.0",
    containers: [{ username: "alice" }],
  });
  using client = await clientOf(daemon);
  for (const [name, call] of Object.entries(calls)) {
    await t.step(name, async () => {
      const { code, reason } = await refusal(call(client));
      assertEquals([code, reason], ["unsupported", "daemon_too_old"]);
    });
  }
});

Deno.test("secrets take the caller's time limit", async (t) => {
  await using daemon = await daemonWithSecrets();
  using client = await clientOf(daemon);
  for (const [name, call] of Object.entries(calls)) {
    await t.step(name, async () => {
      const hold = daemon.hold(name === "refresh" ? "POST" : "GET");
      const options = { timeoutMs: 50 };
      const timed: Readonly<Record<string, () => Promise<unknown>>> = {
        list: () => client.secrets.list("alice", options),
        get: () => client.secrets.get("alice", "API_KEY", options),
        set: () => client.secrets.set("alice", "API_KEY", VALUE, options),
        delete: () => client.secrets.delete("alice", "API_KEY", options),
        refresh: () => client.secrets.refresh("alice", options),
      };
      assert(call !== undefined);
      const { code } = await refusal(timed[name]?.() ?? Promise.reject());
      assertEquals(code, name === "refresh" ? "ambiguous" : "timeout");
      hold.release();
    });
  }
});

Deno.test("a value that the daemon quotes is neither in the error nor in the log", async (t) => {
  const values: Readonly<Record<string, string>> = {
    "with quotes and lines": VALUE,
    "longer than what is read of an error": `long-value-${"0123456789abcdef".repeat(4_090)}`,
    "with all that JSON escapes": "\u2028<script>&\"'\\\t-value",
  };
  for (const [name, value] of Object.entries(values)) {
    await t.step(name, async () => {
      await using daemon = await daemonWithSecrets();
      const lines: string[] = [];
      using client = await clientOf(daemon, { log: (_level, line) => lines.push(line) });
      const words = `rpc error: code = Internal desc = cannot store "${value}" of ${value}`;
      const body = JSON.stringify({ code: 13, message: words, error: words });
      daemon.inject({ kind: "answer", method: "POST", path: "/v1/secrets", status: 500, body });
      const error = await refusal(client.secrets.set("alice", "API_KEY", value));
      const shown = [error.message, error.responseText, error.stack, ...lines].join("\n");
      assertStringIncludes(shown, "[secret]");
      for (const part of [value, JSON.stringify(value).slice(1, -1), value.slice(0, 40)]) {
        assert(!shown.includes(part), shown.slice(0, 500));
      }
    });
  }
});

Deno.test("ContainariumClient.redact() takes out values that were got, longer ones first", async () => {
  await using daemon = await startDaemon({
    secrets: [
      { username: "alice", name: "SHORT", value: "inner-value" },
      { username: "alice", name: "LONG", value: "outer inner-value outer" },
      { username: "alice", name: "TINY", value: "true" },
    ],
  });
  using client = await clientOf(daemon);
  assertEquals(client.redact("inner-value"), "inner-value");
  for (const name of ["SHORT", "LONG", "TINY"]) await client.secrets.get("alice", name);
  assertEquals(client.redact("a inner-value b"), "a [secret] b");
  assertEquals(client.redact("<outer inner-value outer>"), "<[secret]>");
  assertEquals(client.redact("true"), "true", "too short: it would garble every line");
  assertEquals(client.redactToken("inner-value"), "inner-value");
});

Deno.test("randomSecret() makes letters and digits of the wanted length, each time others", () => {
  assert(/^[A-Za-z0-9]{32}$/.test(randomSecret()));
  const many = Array.from({ length: 200 }, () => randomSecret(256));
  assert(many.every((text) => text.length === 256));
  assertEquals(new Set(many).size, many.length);
  const counts = new Map<string, number>();
  for (const sign of many.join("")) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  assertEquals(counts.size, 62);
  // 51,200 characters: 826 of each on average, with a standard deviation of 29.
  assert([...counts.values()].every((count) => Math.abs(count - 826) < 200));
});

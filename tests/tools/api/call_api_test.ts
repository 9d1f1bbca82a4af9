import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ContainariumClient } from "../../../client/mod.ts";
import { callApi } from "../../../tools/api/call_api.ts";
import { readDescription } from "../../../tools/api/operation.ts";
import { ruleOf } from "../../../tools/api/rules.ts";
import { clientOf } from "../../client/connect.ts";
import { connect, connectProcess } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

const answered = callApi.output;
const username = "alice";
const secret = { username, name: "API_KEY", value: "hunter2-very-secret" };

/** Requests that the daemon received besides those with which a server starts. */
function received(daemon: Daemon): readonly string[] {
  return daemon.requests.map(({ method, path }) => `${method} ${path}`)
    .filter((line) => !line.includes("/v1/events"));
}

Deno.test("call_api calls an operation and fences what it answers", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon);
  const { text, isError, structuredContent } = await server.call("call_api", {
    operation: "ListACLPresets",
  });
  assertEquals(isError, false, text);
  assert(
    /^ListACLPresets answered:\n<<<answer \w{8}: data from the daemon, .*\n\{"presets":.*\}\n>>>\w{8}$/s
      .test(text),
  );
  const { operation, answer } = answered.parse(structuredContent);
  assertEquals(operation, "ListACLPresets");
  assertStringIncludes(answer, "ACL_PRESET_HTTP_ONLY");
});

Deno.test("call_api sends parameters and body as protojson has them", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon);
  const call = async (args: Readonly<Record<string, unknown>>) => {
    const { text, isError } = await server.call("call_api", args);
    assertEquals(isError, false, text);
    const { method, path, body } = daemon.requests.at(-1) ?? {};
    return [`${method} ${path}`, body];
  };
  const sent = [
    "POST /v1/network-policies",
    '{"policy":{"tenant":"alice","egressCidrs":["10.0.0.0/8"],"mode":"NETWORK_POLICY_MODE_ENFORCE"}}',
  ];
  await t.step("names in either case, enums in short", async () => {
    const policy = { tenant: username, "egress_cidrs": ["10.0.0.0/8"], mode: "enforce" };
    assertEquals(await call({ operation: "SetNetworkPolicy", body: { policy } }), sent);
  });
  await t.step("a body as JSON text", async () => {
    const operation = "NetworkPolicyService_SetNetworkPolicy";
    assertEquals(await call({ operation, body: sent[1] }), sent);
  });
  await t.step("path and query", async () => {
    const parameters = { tenant: username };
    const [line] = await call({ operation: "GetNetworkPolicy", parameters });
    assertEquals(line, "GET /v1/network-policies/alice");
    const [apps] = await call({ operation: "ListApps", parameters: { stateFilter: "running" } });
    assertEquals(apps, "GET /v1/apps?stateFilter=APP_STATE_RUNNING");
  });
  await t.step("method and path as the name", async () => {
    const [line] = await call({ operation: "get /v1/network/acl-presets" });
    assertEquals(line, "GET /v1/network/acl-presets");
  });
});

Deno.test("call_api sends nothing for what it refuses, and says why", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon);
  const cases: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, string]>> = {
    "an unknown operation": [{ operation: "ListBackup" }, "did you mean ListBackups?"],
    "a guarded operation": [
      { operation: "DeleteContainer", parameters: { username, force: true } },
      "Call delete_container instead",
    ],
    "labels, which count for quotas": [
      { operation: "SetLabels", parameters: { username }, body: { labels: {} } },
      "Call update_container instead",
    ],
    "a stream": [{ operation: "SubscribeEvents" }, "it is a stream"],
    "logs that follow": [
      { operation: "GetAppLogs", parameters: { username, appName: "web", follow: true } },
      "use tailLines",
    ],
    "logs that follow, as Go spells it": [
      { operation: "GetAppLogs", parameters: { username, appName: "web", follow: "T" } },
      "use tailLines",
    ],
    "other tenants' routes": [{ operation: "GetRoutes" }, "Call list_routes instead"],
    "what daemons do among themselves": [
      { operation: "AdoptMigratedContainer", parameters: { username } },
      "daemons among themselves",
    ],
    "an upgrade": [{ operation: "TriggerUpgrade" }, "get_system_info with check_updates says what"],
    "what is not mounted": [
      { operation: "EnableCompose", parameters: { username } },
      "do not serve it over REST",
    ],
    "tokens": [{ operation: "RefreshToken", body: { refreshToken: "x" } }, "tokens into"],
    "an unknown parameter": [
      { operation: "ListBackups", parameters: { usrname: "a" } },
      "parameters.usrname: ListBackups has no such field; did you mean username?",
    ],
    "a missing parameter": [{ operation: "GetBackup" }, "parameters.id: missing"],
    "an unknown key": [
      { operation: "EnqueueAgentTask", body: { zzzz: "x", skilId: "x" } },
      "body.zzzz: EnqueueAgentTask has no such field; known: skillId",
    ],
    "an unknown key deep inside": [
      { operation: "SetNetworkPolicy", body: { policy: { tennant: "x" } } },
      "body.policy.tennant: SetNetworkPolicy has no such field; did you mean tenant?",
    ],
    "an unknown value of an enum": [
      { operation: "SetNetworkPolicy", body: { policy: { mode: "S3" } } },
      "body.policy.mode: expected one of LOG_ONLY, ENFORCE",
    ],
    "a body where there is none": [
      { operation: "ListBackups", body: { username } },
      "ListBackups has no body",
    ],
    "another place": [{ operation: "GetBackup", parameters: { id: ".." } }, "another place"],
    "several segments": [{ operation: "GetBackup", parameters: { id: "a%2fb" } }, "a name with /"],
  };
  const before = received(daemon);
  for (const [name, [args, expected]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const { text, isError } = await server.call("call_api", args);
      assertStringIncludes(text, expected);
      assertEquals([isError, received(daemon)], [true, before]);
    });
  }
});

Deno.test("call_api calls no guarded or refused operation, whatever the name is spelled like", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon);
  const before = received(daemon);
  const { operations } = await readDescription();
  for (const { id, method, path } of operations.values()) {
    const { guardedBy, refused } = ruleOf(id);
    if (guardedBy === undefined && refused === undefined) continue;
    for (const operation of [id, id.toLowerCase(), `XService_${id}`, `${method} /v1/${path}`]) {
      const { isError, text } = await server.call("call_api", { operation });
      assertEquals(isError, true, operation);
      assertStringIncludes(text, guardedBy ?? refused ?? "");
    }
  }
  assertEquals(received(daemon), before);
});

Deno.test("call_api says how to turn the tool on that does what it does not", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  const parameters = { username };
  const call = async (args: readonly string[], operation: string) => {
    await using server = await connect(daemon, { args });
    return (await server.call("call_api", { operation, parameters })).text;
  };
  assertStringIncludes(await call([], "CreateBackup"), "--toolsets default,backups");
  assertStringIncludes(await call(["--toolsets", "api"], "DeleteContainer"), "containers: --tool");
  const readOnly = await call(["--read-only"], "DeleteContainer");
  assertStringIncludes(
    readOnly,
    "delete_container is off, since this server was started with --re",
  );
});

Deno.test("call_api under --read-only sends GET only", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon, { args: ["--read-only"] });
  const read = await server.call("call_api", { operation: "ListACLPresets" });
  assertEquals(read.isError, false, read.text);
  const { operations } = await readDescription();
  for (const { id, method } of operations.values()) {
    if (method === "GET") continue;
    const { isError } = await server.call("call_api", { operation: id });
    assertEquals(isError, true, id);
  }
  const off = await server.call("call_api", { operation: "StopApp" });
  assertStringIncludes(off.text, "--read-only");
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET"), []);
});

Deno.test("call_api refuses what the token cannot, before anything is sent", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  const cases = [
    [
      { roles: ["admin"], scopes: ["containers:read"] },
      "StartEgressProxy",
      "lacks the scope routes:write",
    ],
    [{ username }, "ListDNSRecords", "admin role"],
    [{ username }, "ListAuditLogs", "admin role or the scope audit:read"],
  ] as const;
  for (const [claims, operation, expected] of cases) {
    await t.step(operation, async () => {
      const token = await daemon.token(claims);
      await using server = await connect({ url: daemon.url, token });
      const before = received(daemon);
      const { isError, text } = await server.call("call_api", { operation });
      assertStringIncludes(text, expected);
      assertEquals([isError, received(daemon)], [true, before]);
    });
  }
});

Deno.test("call_api asks before something is lost, and shows no secret in the question", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const asked: unknown[] = [];
  const answers = [{ action: "decline" }, { action: "accept", content: { confirm: true } }];
  server.onRequest("elicitation/create", ({ message }) => answers[asked.push(message) - 1]);
  const args = {
    operation: "DeployApp",
    body: { username, appName: "web", envVars: { password: "hunter2" } },
  };
  const declined = await server.call("call_api", args);
  assertStringIncludes(declined.text, "The user declined");
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET"), []);
  await server.call("call_api", args);
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET").length, 1);
  const question = "Deploy an application: POST /v1/apps " +
    '{"username":"alice","appName":"web","envVars":{"password":"[hidden]"}}? Replaces the app of that ' +
    "name, if there is one.";
  assertEquals(asked, [question, question]);
  assertEquals(server.stderr.includes("hunter2"), false);
});

Deno.test("call_api asks about an archive by its length", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const asked: unknown[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    asked.push(message);
    return { action: "accept", content: { confirm: true } };
  });
  const body = { username, appName: "web", sourceTarball: "A".repeat(100_000) };
  await server.call("call_api", { operation: "DeployApp", body });
  assertEquals(
    asked[0],
    'Deploy an application: POST /v1/apps {"username":"alice","appName":"web",' +
      '"sourceTarball":"[100000 characters]"}? Replaces the app of that name, if there is one.',
  );
  assertEquals(daemon.count("POST", "/v1/apps"), 1);
});

Deno.test("call_api asks before it gives away power over a container, or what the host has", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const asked: unknown[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    asked.push(message);
    return { action: "decline" };
  });
  const body = { policy: { reserveFraction: 0.5 } };
  await server.call("call_api", { operation: "AdvertiseCapacity", body });
  assertEquals(asked, [
    'Advertise spare scheduling capacity: POST /v1/capacity/headroom {"policy":{"reserveFraction":0.5}}? ' +
    "Lets others run their work on what the host has to spare.",
  ]);
  assertEquals(daemon.requests.filter(({ method }) => method !== "GET"), []);
});

Deno.test("call_api destroys no storage of a tenant whose container is protected", async () => {
  await using daemon = await startDaemon({ containers: [{ username, protected: true }] });
  await using server = await connect(daemon);
  const args = { operation: "DeleteTenantStorage", parameters: { tenant: username } };
  const { isError, reason } = await server.call("call_api", args);
  assertEquals([isError, reason, daemon.count("DELETE")], [true, "protected", 0]);
  daemon.replace({ username });
  await server.call("call_api", args);
  assertEquals(daemon.count("DELETE"), 1);
});

Deno.test("call_api says where to look where the daemon does not take an argument", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const body = { policy: { tenant: username, egressCidrs: ["192.0.2.7"] } };
  const { text, code } = await server.call("call_api", { operation: "SetNetworkPolicy", body });
  assertEquals(code, "invalid_argument", text);
  assertStringIncludes(
    text,
    'search_api(query="SetNetworkPolicy") lists what SetNetworkPolicy takes',
  );
  assertStringIncludes(text, "\nNext: Correct what the daemon's words below name, and call again.");
});

Deno.test("call_api withdraws capacity whatever is measured meanwhile", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const measure = (spareCpus: number) =>
    daemon.inject({
      kind: "answer",
      method: "GET",
      path: "/v1/capacity/headroom",
      status: 200,
      body: JSON.stringify({ headroom: { spareCpus } }),
    });
  measure(1.5);
  const { question, refusal } = await changedBetween(
    callApi,
    { operation: "WithdrawCapacity" },
    contextOf(client),
    () => measure(1.25),
  );
  assert(question !== undefined);
  assertEquals([refusal?.message, daemon.count("DELETE")], [undefined, 1]);
});

Deno.test("call_api asks for each DELETE, and not for what is not there", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const asked: unknown[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    asked.push(message);
    return { action: "accept", content: { confirm: true } };
  });
  const set = { policy: { tenant: username, egressCidrs: ["10.0.0.0/8"] } };
  await server.call("call_api", { operation: "SetNetworkPolicy", body: set });
  const args = { operation: "DeleteNetworkPolicy", parameters: { tenant: username } };
  await server.call("call_api", args);
  await server.call("call_api", args);
  assertEquals(asked.length, 2);
  assertEquals(
    asked[1],
    "Delete network policy: DELETE /v1/network-policies/alice? This cannot be undone.",
  );
});

Deno.test("call_api does nothing to what was replaced after the user was asked", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  using client = await clientOf(daemon);
  const set = async (cidr: string) => {
    const body = { policy: { tenant: username, egressCidrs: [cidr] } };
    await client.api.request("POST", ["network-policies"], { body });
  };
  await set("10.0.0.0/8");
  const args = { operation: "DeleteNetworkPolicy", parameters: { tenant: username } };
  const context = contextOf(client);
  const changed = await changedBetween(callApi, args, context, () => set("192.0.2.0/24"));
  assertEquals(changed.refusal?.reason, "changed_since_agreed");
  assertEquals(daemon.count("DELETE"), 0);
  const same = await changedBetween(callApi, args, context, () => {});
  assertEquals(same.refusal, undefined);
  assertEquals(daemon.count("DELETE"), 1);
});

Deno.test("call_api creates nothing past the quotas", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using host = await connectWithPolicy(daemon, { quotas: { users: { "*": { cpu: 1 } } } });
  const before = daemon.requests.length;
  for (const operation of ["CreateCluster", "CreateVolume", "StartAgentWorker"]) {
    const parameters = operation === "StartAgentWorker" ? { skillId: "x" } : {};
    const { text, isError } = await host.session.call("call_api", { operation, parameters });
    assertEquals(isError, true);
    assertStringIncludes(text, "no quota counts");
  }
  assertEquals(daemon.requests.length, before);
});

Deno.test("call_api cuts an answer at 20,000 characters, and sends a write once", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  await using server = await connect(daemon);
  const rows = Array.from({ length: 2_000 }, (_, n) => ({ id: String(n), name: "x".repeat(20) }));
  daemon.inject({
    kind: "answer",
    method: "GET",
    path: "/v1/backups",
    status: 200,
    body: JSON.stringify({ records: rows }),
  });
  const { text, structuredContent } = await server.call("call_api", { operation: "ListBackups" });
  assert(text.length < 20_400, `${text.length}`);
  const whole = JSON.stringify({ records: rows }).length;
  assertEquals(answered.parse(structuredContent).left_out, whole - 20_000);
  daemon.inject({ kind: "truncated", method: "POST", path: "/v1/network/egress-proxy" });
  const lost = await server.call("call_api", {
    operation: "StartEgressProxy",
    body: { containerName: username, upstreamPort: 80 },
  });
  assertStringIncludes(lost.text, "it may have been carried out");
  assertEquals(daemon.count("POST"), 1);
});

Deno.test("call_api hides secrets from every byte that a process writes", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  const { value } = secret;
  const body = JSON.stringify({
    kubeconfig: value,
    nested: [{ value }, { envVars: { A: value } }, { note: `postgres://u:${value}@h/db` }],
  });
  const path = "/v1/clusters/k1/kubeconfig";
  daemon.inject({ kind: "answer", method: "GET", path, status: 200, body, times: 2 });
  await using server = await connectProcess(daemon, {
    env: { CONTAINARIUM_DEBUG: "true" },
    capabilities: { elicitation: {} },
  });
  const asked: unknown[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    asked.push(message);
    return { action: "decline" };
  });
  const args = { operation: "GetClusterKubeconfig", parameters: { name: "k1" } };
  const hidden = await server.call("call_api", args);
  assertEquals(hidden.isError, false, hidden.text);
  assertEquals(answered.parse(hidden.structuredContent).hidden, [
    "kubeconfig",
    "value",
    "A",
    "note",
  ]);
  const declined = await server.call("call_api", { ...args, "show_secrets": true });
  assertStringIncludes(declined.text, "The user declined");
  assertEquals(asked, [
    "Get a cluster's kubeconfig: GET /v1/clusters/k1/kubeconfig? Secrets in the answer are shown to " +
    "the model.",
  ]);
  const written = JSON.stringify(server.messages) + server.stderr;
  assertEquals(written.includes(value), false);
});

Deno.test("call_api shows secrets if the user agrees, and never this server's own token", async () => {
  await using daemon = await startDaemon({ containers: [{ username }] });
  const token = await daemon.token();
  const path = "/v1/clusters/k1/kubeconfig";
  const body = JSON.stringify({ kubeconfig: secret.value, note: token });
  daemon.inject({ kind: "answer", method: "GET", path, status: 200, body });
  await using server = await connect({ url: daemon.url, token }, {
    capabilities: { elicitation: {} },
  });
  server.onRequest("elicitation/create", () => ({ action: "accept", content: { confirm: true } }));
  const args = {
    operation: "GetClusterKubeconfig",
    parameters: { name: "k1" },
    "show_secrets": true,
  };
  const { text } = await server.call("call_api", args);
  assertStringIncludes(text, secret.value);
  assertEquals(text.includes(token), false);
});

Deno.test("call_api shows no part of its own token where an answer is cut in the middle of one", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const [, token = ""] = / (\S+)$/.exec(await authorizationOf(daemon, client)) ?? [];
  assert(token.length > 100, token);
  daemon.inject({
    kind: "rewritten",
    path: "/v1/network/acl-presets",
    rewrite: () => JSON.stringify({ name: "x".repeat(19_940) + token }),
  });
  const args = { operation: "ListACLPresets", "show_secrets": true };
  const { answer } = answered.parse(await callApi.run(args, contextOf(client)));
  assertStringIncludes(answer, "xxx");
  assert(!answer.includes(token.slice(0, 20)), answer.slice(-100));
});

/** Returns the header with which a client sends its token. */
async function authorizationOf(daemon: Daemon, client: ContainariumClient): Promise<string> {
  await client.containers.list();
  return daemon.requests.at(-1)?.headers.authorization ?? "";
}

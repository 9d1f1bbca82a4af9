/** What the doctor says of each fault that the simulator can make, and of each of TLS. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import ca from "../client/tls/ca.pem" with { type: "text" };
import cert from "../client/tls/daemon.pem" with { type: "text" };
import expired from "../client/tls/expired.pem" with { type: "text" };
import key from "../client/tls/daemon.key" with { type: "text" };
import notYetValid from "../client/tls/not_yet_valid.pem" with { type: "text" };
import otherName from "../client/tls/other_name.pem" with { type: "text" };
import selfSigned from "../client/tls/self_signed.pem" with { type: "text" };
import type { CheckStatus } from "../../cli/doctor/check.ts";
import { validityCheck } from "../../cli/doctor/tls_check.ts";
import { shippedCommand, type Target } from "../connect.ts";
import { type Daemon, type Fault, startDaemon } from "../daemon/mod.ts";
import { makeHome } from "./home.ts";
import { runCli } from "./run_cli.ts";
import { makeTempFolder } from "../temp.ts";
import { testWithPty } from "../with_pty.ts";

/** What the doctor printed. */
interface Diagnosis {
  readonly code: number;
  readonly text: string;
  /** Returns the checks of a name: their status, what was found, and what to do. */
  of(name: string): string;
}

/** Asks the doctor in this process; whatever it says, it shows no token. */
async function diagnose(
  { url, token }: Target,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Diagnosis> {
  const { code, stdout, stderr } = await runCli({ url, token }, ["doctor", ...args], { env });
  const text = `${stdout}${stderr}`;
  const secrets = [token, token.split(".")[2] ?? token].filter(({ length }) => length > 8);
  for (const secret of secrets) assert(!text.includes(secret), "the token is shown");
  return { code, text, of: (name) => linesOf(text, name) };
}

function linesOf(text: string, name: string): string {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    if (!line.slice(9).startsWith(`${name} `)) return [];
    const next = lines[at + 1] ?? "";
    return [line, ...(next.trim().startsWith("→") ? [next] : [])];
  }).join("\n");
}

async function adminOf(daemon: Daemon): Promise<Target> {
  return { url: daemon.url, token: await daemon.token({ expiresInSeconds: 86_400 }) };
}

function assertFound(
  diagnosis: Diagnosis,
  name: string,
  status: CheckStatus,
  words: string,
  next = "",
): void {
  const found = diagnosis.of(name);
  assert(found.startsWith(status), `${name}: ${diagnosis.text}`);
  assertStringIncludes(found, words);
  assertStringIncludes(found, next);
  if (status === "failed") assertEquals(diagnosis.code, 1);
}

testWithPty("doctor finds nothing wrong where nothing is, in order", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }],
    shell: {},
    zfs: true,
  });
  const diagnosis = await diagnose(await adminOf(daemon));
  assertEquals(diagnosis.code, 0, diagnosis.text);
  const names = diagnosis.text.split("\n").filter((line) => /^(?:ok|warning)/.test(line))
    .map((line) => line.slice(9, 21).trim());
  assertEquals([...new Set(names)], [
    "permissions",
    "address",
    "token",
    "proxies",
    "name, TCP",
    "TLS",
    "HTTP",
    "clock",
    "tools",
    "daemon",
    "ZFS",
    "app hosting",
    "secrets",
    "terminal",
    "events",
  ]);
  assertStringIncludes(diagnosis.of("HTTP"), "ms (median of 5)");
  assertStringIncludes(diagnosis.of("token"), "accepted");
  assertStringIncludes(diagnosis.of("terminal"), "opened in alice-container");
});

Deno.test("doctor --json prints one object, and nothing else", async () => {
  await using daemon = await startDaemon();
  const { code, text } = await diagnose(await adminOf(daemon), {}, ["--json"]);
  const { ok, checks } = JSON.parse(text);
  assertEquals([code, ok], [0, true]);
  for (const { name, status, found } of checks) {
    assert(["ok", "warning", "skipped"].includes(status), name);
    assert(found !== "", name);
  }
});

Deno.test("doctor says where each value came from, and of the token only its length and end", async (t) => {
  await using daemon = await startDaemon();
  const token = await daemon.token({ expiresInSeconds: 86_400 });
  const expiry = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await t.step("the environment, and a flag", async () => {
    const target = { url: daemon.url, token };
    const diagnosis = await diagnose(target, {}, ["--toolsets", "containers"]);
    assertStringIncludes(diagnosis.of("address"), `${daemon.url} (environment)`);
    assertStringIncludes(
      diagnosis.of("token"),
      `set, ${token.length} characters, expires ${expiry} (environment)`,
    );
    assertStringIncludes(
      diagnosis.of("setting"),
      "CONTAINARIUM_MCP_TOOLSETS=containers (--toolsets)",
    );
  });
  await t.step("an environment file", async () => {
    await using folder = await makeTempFolder();
    await folder.write("daemon.env", `CONTAINARIUM_SERVER_URL=${daemon.url}\n`);
    const file = `${folder.path}/daemon.env`;
    const diagnosis = await diagnose({ url: "", token }, {}, ["--env-file", file]);
    assertStringIncludes(
      diagnosis.of("address"),
      `${daemon.url} (CONTAINARIUM_SERVER_URL in ${file})`,
    );
  });
  await t.step("credentials.json", async () => {
    await using home = await makeHome({
      "default_server": daemon.url,
      servers: { [daemon.url]: { token } },
    });
    const diagnosis = await diagnose({ url: "", token: "" }, { HOME: home.path });
    assertEquals(diagnosis.code, 0, diagnosis.text);
    assertStringIncludes(diagnosis.of("address"), "(~/.containarium/credentials.json)");
    assertStringIncludes(diagnosis.of("token"), "credentials.json)");
    assert(!diagnosis.text.includes(token));
  });
  await t.step("a daemon that is chosen by name", async () => {
    await using home = await makeHome({ servers: { [daemon.url]: { name: "lab", token } } });
    const target = { url: "http://127.0.0.1:9", token: "" };
    const diagnosis = await diagnose(target, { HOME: home.path }, ["--server", "lab"]);
    assertEquals(diagnosis.code, 0, diagnosis.text);
    const [address, ...others] = diagnosis.of("address").split("\n");
    assertEquals(others, []);
    assertStringIncludes(address ?? "", `${daemon.url} (~/.containarium/credentials.json)`);
  });
  await t.step("a token file that others can read", async () => {
    await using folder = await makeTempFolder();
    const file = `${folder.path}/token`;
    await folder.write("token", token);
    await Deno.chmod(file, 0o644);
    const diagnosis = await diagnose({ url: daemon.url, token: "" }, {
      CONTAINARIUM_JWT_TOKEN_FILE: file,
    });
    assertFound(diagnosis, "token", "failed", "group or others can read it", "");
    assertStringIncludes(diagnosis.of("token"), "chmod 600");
    assertFound(diagnosis, "HTTP", "ok", "a daemon answers");
  });
});

Deno.test("doctor says which setting is missing or wrong, and goes no further", async (t) => {
  const cases: Readonly<Record<string, readonly [Record<string, string>, string]>> = {
    "no address": [
      { CONTAINARIUM_SERVER_URL: "" },
      "CONTAINARIUM_SERVER_URL environment variable is required",
    ],
    "a placeholder": [
      { CONTAINARIUM_JWT_TOKEN: "${TOKEN}" },
      "CONTAINARIUM_JWT_TOKEN environment variable is required",
    ],
    "an address that is none": [{ CONTAINARIUM_SERVER_URL: "localhost" }, "is not a"],
    "a password in the address": [
      { CONTAINARIUM_SERVER_URL: "http://user:hunter22@localhost:9" },
      "contains a username or password",
    ],
    "a word that is none": [
      { CONTAINARIUM_CONSENT: "sometimes" },
      'CONTAINARIUM_CONSENT "sometimes"',
    ],
    "a token with a blank": [{ CONTAINARIUM_JWT_TOKEN: "ey.a b.c" }, "white space"],
  };
  for (const [name, [env, words]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const diagnosis = await diagnose({ url: "http://localhost:9", token: "ctnr_abcdefgh" }, env);
      assertFound(diagnosis, "settings", "failed", words, "docs/configuration.md");
      assertEquals(diagnosis.text.includes("--server NAME"), words.includes("required"));
      assertEquals(diagnosis.of("HTTP"), "");
      assert(!diagnosis.text.includes("hunter22"), diagnosis.text);
    });
  }
});

Deno.test("doctor reads the policy file", async (t) => {
  await using daemon = await startDaemon();
  await using folder = await makeTempFolder();
  const args = ["--config", `${folder.path}/policy.json`];
  await t.step("one that can be used", async () => {
    await folder.write("policy.json", '{"templates": {"web": {"cpu": "1"}}}');
    const diagnosis = await diagnose(await adminOf(daemon), {}, args);
    assertFound(diagnosis, "policy", "ok", "policy.json: 1 template; no quotas");
    const more = '{"delete_grace": "24h", "snapshot_before": ["resize", "install_stack"]}';
    await folder.write("policy.json", more);
    assertFound(
      await diagnose(await adminOf(daemon), {}, args),
      "policy",
      "ok",
      "0 templates; no quotas; delete_grace 24h; snapshot_before resize, install_stack",
    );
  });
  await t.step("one that cannot", async () => {
    await folder.write("policy.json", '{"templates": {"web": {"cpu": "lots"}}}');
    const diagnosis = await diagnose(await adminOf(daemon), {}, args);
    assertFound(diagnosis, "policy", "failed", "policy.json: line 1, templates.web.cpu");
    assertFound(diagnosis, "policy", "failed", "templates.web.cpu", "docs/policy.md");
    assertFound(diagnosis, "HTTP", "ok", "a daemon answers");
  });
});

Deno.test("doctor tells a name, a port and an address apart by the connection's error", async (t) => {
  await t.step("nothing listens", async () => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr;
    taken.close();
    const diagnosis = await diagnose({ url: `http://127.0.0.1:${port}`, token: "ctnr_abcdefgh" });
    assertFound(diagnosis, "name, TCP", "failed", "connection refused", "start the daemon");
    assertFound(diagnosis, "daemon", "skipped", "it was not reached");
  });
  await t.step("a host that may not be reached", async () => {
    const target = { url: "http://192.0.2.1:8080", token: "ctnr_abcdefgh" };
    const diagnosis = await diagnose(target);
    assertFound(
      diagnosis,
      "permissions",
      "ok",
      "may not reach 192.0.2.1:8080",
      "start it with --allow-net=192.0.2.1:8080",
    );
    assertEquals(diagnosis.code, 1);
  });
});

Deno.test("doctor says what is wrong with a token", async (t) => {
  await using daemon = await startDaemon();
  const rejected = async (token: string, words: string, status: CheckStatus = "ok") => {
    const diagnosis = await diagnose({ url: daemon.url, token });
    assertFound(diagnosis, "token", status, words, "containarium token generate");
    assertEquals(diagnosis.code, 1);
    assertFound(diagnosis, "daemon", "skipped", "without a token");
  };
  await t.step("expired", async () => {
    const token = await daemon.token({ expiresInSeconds: -60 });
    await rejected(token, "rejected: it expired at", "warning");
  });
  await t.step("not yet valid", async () => {
    const nbf = Math.floor(Date.now() / 1_000) + 3_600;
    await rejected(unsigned({ nbf, exp: nbf + 60 }), "rejected: it is not valid before");
  });
  await t.step("signed with another secret", async () => {
    await using other = await startDaemon({ jwtSecret: "another secret of 32 bytes, or more" });
    await rejected(await other.token(), "rejected: it was signed with another secret");
  });
  await t.step("a refresh token", async () => {
    await rejected(await daemon.token({ type: "refresh" }), "rejected: it is a refresh token");
  });
  await t.step("cut off", async () => {
    await rejected((await daemon.token()).split(".").slice(0, 2).join("."), "it is not a JWT");
  });
  await t.step("about to expire", async () => {
    const token = await daemon.token({ expiresInSeconds: 600 });
    const diagnosis = await diagnose({ url: daemon.url, token });
    assertStringIncludes(diagnosis.of("token"), "accepted, but expires in 10 min");
    assertEquals(diagnosis.code, 0);
  });
  await t.step("too many bad ones", async () => {
    for (let at = 0; at < 12; at++) await diagnose({ url: daemon.url, token: "ctnr_abcdefgh" });
    const diagnosis = await diagnose({ url: daemon.url, token: "ctnr_abcdefgh" });
    assertStringIncludes(diagnosis.of("token"), "wait a minute");
  });
});

function unsigned(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url" })
      .replaceAll("=", "");
  return `${part({ alg: "HS256" })}.${part(claims)}.bm90IGEgc2lnbmF0dXJl`;
}

Deno.test("doctor says which role and scopes the token has, and which tools they give", async (t) => {
  const state = "CONTAINER_STATE_STOPPED";
  await using daemon = await startDaemon({ containers: [{ username: "alice", state }] });
  await t.step("a user", async () => {
    const token = await daemon.token({ username: "alice", expiresInSeconds: 86_400 });
    const diagnosis = await diagnose({ url: daemon.url, token });
    assertFound(diagnosis, "tools", "ok", "role user, all scopes: ", "; not get_system_info");
    assertFound(diagnosis, "daemon", "skipped", "only to the admin role");
    assertEquals(diagnosis.code, 0, diagnosis.text);
  });
  await t.step("one scope", async () => {
    const token = await daemon.token({ scopes: ["secrets:read"], expiresInSeconds: 86_400 });
    const diagnosis = await diagnose({ url: daemon.url, token });
    assertFound(diagnosis, "tools", "ok", "scopes secrets:read");
    assertFound(diagnosis, "terminal", "skipped", "may not list containers");
  });
});

Deno.test("doctor says what the daemon lacks", async (t) => {
  await t.step("ZFS, app hosting and a store for secrets", async () => {
    await using daemon = await startDaemon({ postgres: false, appHosting: false });
    const diagnosis = await diagnose(await adminOf(daemon));
    assertFound(diagnosis, "ZFS", "warning", "no snapshots");
    assertFound(diagnosis, "app hosting", "warning", "the daemon has none", "Postgres");
    assertFound(diagnosis, "secrets", "warning", "the daemon has none", "Postgres");
    assertEquals(diagnosis.code, 0, diagnosis.text);
  });
  await t.step("almost everything, as it is old", async () => {
    await using daemon = await startDaemon({ version: "0.3.0" });
    const diagnosis = await diagnose(await adminOf(daemon));
    assertFound(diagnosis, "app hosting", "warning", "the daemon has none");
    assertEquals(diagnosis.code, 0, diagnosis.text);
  });
});

Deno.test("doctor does not take a daemon that fails for one that lacks something", async (t) => {
  const checks = { "app hosting": "/v1/apps", secrets: "/v1/secrets/alice" };
  for (const [check, path] of Object.entries(checks)) {
    await t.step(check, async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
      daemon.inject({ kind: "answer", path, status: 503, body: "busy" });
      const diagnosis = await diagnose(await adminOf(daemon));
      assertFound(diagnosis, check, "failed", "busy (status 503)", "the daemon's log");
    });
  }
});

testWithPty("doctor says that the daemon does not accept the terminal's origin", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], shell: {} });
  const env = { CONTAINARIUM_TERMINAL_ORIGIN: "https://elsewhere.test" };
  const diagnosis = await diagnose(await adminOf(daemon), env);
  assertFound(
    diagnosis,
    "terminal",
    "failed",
    "does not accept the origin",
    "CONTAINARIUM_TERMINAL_ORIGIN",
  );
});

/** Every fault of the simulator, with the words for it. */
const faults: Readonly<Record<string, readonly [Fault, string]>> = {
  "a redirect": [{ kind: "redirect", location: "https://elsewhere.test/" }, "redirect"],
  "half an answer": [{ kind: "truncated" }, ""],
  "no JSON": [{ kind: "invalid-json" }, ""],
  "another answer": [{ kind: "rewritten", rewrite: () => "<h1>nginx</h1>" }, ""],
  "too much": [{ kind: "oversized", bytes: 64 * 1024 * 1024 }, ""],
  "a page of a proxy's": [
    { kind: "answer", status: 404, body: "<h1>Not Found</h1>", contentType: "text/html" },
    "404",
  ],
  "a server's own fault": [{ kind: "answer", status: 500, body: "{}" }, "500"],
  "a daemon that restarts": [{ kind: "answer", status: 503, body: "busy" }, "503"],
};

Deno.test("doctor fails at HTTP for every fault of the daemon's health", async (t) => {
  await using daemon = await startDaemon();
  const target = await adminOf(daemon);
  for (const [name, [fault, words]] of Object.entries(faults)) {
    await t.step(name, async () => {
      daemon.inject({ ...fault, path: "/health" });
      const diagnosis = await diagnose(target);
      assertFound(diagnosis, "HTTP", "failed", words, "→");
      assertFound(diagnosis, "daemon", "skipped", "it was not reached");
    });
  }
  for (const when of ["before-read", "after-read"] as const) {
    await t.step(`a reset ${when}`, async () => {
      daemon.dropNext("GET", when, "/health");
      assertFound(await diagnose(target), "HTTP", "failed", "", "→");
    });
  }
});

Deno.test("doctor fails at the token for every fault of a request with it", async (t) => {
  await using daemon = await startDaemon();
  const target = await adminOf(daemon);
  for (const [name, [fault, words]] of Object.entries(faults)) {
    await t.step(name, async () => {
      daemon.inject({ ...fault, path: "/v1/containers" });
      const diagnosis = await diagnose(target);
      assertStringIncludes(diagnosis.of("token"), `failed   token`);
      assertStringIncludes(diagnosis.of("token"), words);
      assertEquals(diagnosis.code, 1);
    });
  }
  for (const when of ["before-read", "after-read"] as const) {
    await t.step(`a reset ${when}`, async () => {
      daemon.dropNext("GET", when, "/v1/containers");
      assertStringIncludes((await diagnose(target)).of("token"), "failed   token");
    });
  }
});

Deno.test("doctor says that the daemon is slow, that its clock differs, and that no events come", async (t) => {
  await using daemon = await startDaemon();
  const target = await adminOf(daemon);
  await t.step("slow", async () => {
    daemon.inject({ kind: "latency", ms: 1_050, times: 3, path: "/health" });
    assertFound(await diagnose(target), "HTTP", "warning", "median of 5", "load");
  });
  await t.step("a body that drips", async () => {
    daemon.inject({ kind: "slow-body", ms: 20, times: 5, path: "/health" });
    assertFound(await diagnose(target), "HTTP", "ok", "a daemon answers");
  });
  await t.step("a clock an hour behind", async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    daemon.inject({
      kind: "answer",
      status: 200,
      body: '{"status":"healthy"}',
      headers: { Date: date },
      times: 5,
      path: "/health",
    });
    assertFound(await diagnose(target), "clock", "warning", "behind this machine's", "NTP");
  });
  await t.step("a clock two hours ahead, by which the token has expired", async () => {
    const date = new Date(Date.now() + 7_200_000).toUTCString();
    const body = '{"status":"healthy"}';
    const headers = { Date: date };
    daemon.inject({ kind: "answer", status: 200, body, headers, times: 5, path: "/health" });
    const refusal = '{"error": "invalid token", "code": 401}';
    daemon.inject({ kind: "answer", status: 401, body: refusal, path: "/v1/containers" });
    const token = await daemon.token({ expiresInSeconds: 3_600 });
    const diagnosis = await diagnose({ url: daemon.url, token });
    assertFound(diagnosis, "clock", "warning", "s ahead of", "NTP");
    const seconds = Number(/clock is (\d+) s/.exec(diagnosis.of("clock"))?.[1]);
    // The answer was made a moment before it was sent.
    assert(seconds > 7_190 && seconds <= 7_200, String(seconds));
    assertStringIncludes(diagnosis.of("token"), "by the daemon's clock, which is ahead");
  });
  await t.step("no answer at all", async () => {
    const held = daemon.hold("GET", "/health");
    const diagnosis = await diagnose(target);
    held.release();
    assertFound(diagnosis, "HTTP", "failed", "no answer in 5 s", "daemon runs");
  });
  await t.step("no events", async () => {
    const path = /^\/v1\/events\/subscribe/;
    daemon.inject({ kind: "answer", status: 500, body: "{}", times: 100, path });
    assertFound(await diagnose(target), "events", "warning", "did not open", "every 30 s");
  });
});

Deno.test("doctor says which proxies are set, and never their passwords", async () => {
  await using daemon = await startDaemon();
  const env = { HTTP_PROXY: "http://user:hunter22@proxy.test:3128" };
  const near = await diagnose(await adminOf(daemon), env);
  assertFound(near, "proxies", "ok", "HTTP_PROXY set; not used for a daemon on this machine");
  const far = await diagnose({ url: "http://192.0.2.1:8080", token: "ctnr_abcdefgh" }, env);
  assertFound(far, "proxies", "ok", "requests go through http://proxy.test:3128");
  for (const { text } of [near, far]) assert(!text.includes("hunter22"), text);
});

Deno.test("doctor says what is wrong with the TLS certificate, and what helps", async (t) => {
  const trusted = "CONTAINARIUM_MCP_TRUSTED_CA_FILE";
  const cases: Readonly<
    Record<string, readonly [string | undefined, string, CheckStatus, string, string]>
  > = {
    "trusted": [cert, ca, "ok", "the certificate is trusted", "valid until"],
    "of an unknown authority": [cert, otherName, "failed", "is not trusted", trusted],
    "expired": [expired, expired, "failed", "has expired", "openssl req"],
    "not valid yet": [notYetValid, notYetValid, "failed", "is not valid yet", "clock"],
    "for another name": [otherName, otherName, "failed", "is not for localhost", "openssl req"],
    "self-signed": [selfSigned, ca, "failed", "self-signed", trusted],
    "none, but http": [undefined, ca, "failed", "is not TLS", "http://localhost"],
  };
  for (const [name, [shown, trust, status, words, next]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using folder = await makeTempFolder();
      await folder.write("ca.pem", trust);
      await using server = show(shown);
      const target = { url: `https://localhost:${server.addr.port}`, token: "ctnr_abcdefgh" };
      const diagnosis = await diagnose(target, { [trusted]: `${folder.path}/ca.pem` });
      assertFound(diagnosis, "TLS", status, words, next);
    });
  }
  await t.step("https, but the address says http", async () => {
    await using server = show(cert);
    const url = `http://localhost:${server.addr.port}`;
    const diagnosis = await diagnose({ url, token: "ctnr_abcdefgh" });
    assertFound(diagnosis, "TLS", "failed", "https", `https://localhost:${server.addr.port}`);
  });
});

Deno.test("doctor warns of a certificate that expires within 14 days", () => {
  const validUntil = new Date("2026-12-15T00:00:00Z");
  const at = (now: string) =>
    validityCheck({ issuer: "CA", validUntil }, new URL("https://box.example"), new Date(now));
  assertEquals(at("2026-12-01T00:00:00Z"), {
    name: "TLS",
    status: "ok",
    found: "the certificate is trusted and names box.example: issued by CA, valid until " +
      "2026-12-15T00:00:00Z",
  });
  for (const now of ["2026-12-01T00:00:01Z", "2026-12-14T23:59:59Z"]) {
    assertEquals(at(now), {
      name: "TLS",
      status: "warning",
      found: "the certificate expires soon: issued by CA, valid until 2026-12-15T00:00:00Z",
      next: "have the host's operator renew it",
    });
  }
});

/** A server that shows a certificate, or speaks http where there is none. */
function show(shown: string | undefined): Deno.HttpServer<Deno.NetAddr> {
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
  const handle = () => Response.json({ status: "healthy" });
  return shown === undefined
    ? Deno.serve(options, handle)
    : Deno.serve({ ...options, cert: shown, key }, handle);
}

Deno.test("doctor runs with the permissions that are shipped, and names the flag that is missing", async (t) => {
  await using daemon = await startDaemon();
  const { url, token } = await adminOf(daemon);
  const launch = async (command: readonly string[], env = {}) => {
    const [program = "", ...args] = command;
    const { code, stdout } = await new Deno.Command(program, {
      args: [...args, "doctor"],
      env: { CONTAINARIUM_SERVER_URL: url, CONTAINARIUM_JWT_TOKEN: token, ...env },
      stdin: "null",
      stderr: "null",
    }).output();
    return { code, text: new TextDecoder().decode(stdout) };
  };
  await t.step("those that are shipped", async () => {
    const { code, text } = await launch(shippedCommand(url));
    assertEquals(code, 0, text);
    assertStringIncludes(text, "ok       permissions  may reach");
    assert(!text.includes("wider than needed") && !text.includes(token), text);
  });
  await t.step("a host that does not exist", async () => {
    const { code, text } = await launch(shippedCommand("http://no-such-host.invalid:8080"), {
      CONTAINARIUM_SERVER_URL: "http://no-such-host.invalid:8080",
    });
    assertEquals(code, 1, text);
    assertStringIncludes(text, "failed   name, TCP    there is no host no-such-host.invalid");
    assertStringIncludes(text, "→ correct the name in CONTAINARIUM_SERVER_URL");
  });
  await t.step("more than it needs", async () => {
    const command = shippedCommand(url).flatMap((part) =>
      part === "run" ? ["run", "--allow-read", "--allow-run"] : [part]
    );
    const { code, text } = await launch(command);
    assertEquals(code, 0, text);
    assertStringIncludes(text, "wider than needed: --allow-read, --allow-run");
  });
  await t.step("without the network, and with two variables", async () => {
    const command = shippedCommand(url).flatMap((part) => {
      if (part.startsWith("--allow-net")) return [];
      return part.startsWith("--allow-env")
        ? ["--allow-env=CONTAINARIUM_SERVER_URL,CONTAINARIUM_JWT_TOKEN"]
        : [part];
    });
    const { code, text } = await launch(command);
    assertEquals(code, 1, text);
    assertStringIncludes(text, `may not reach ${new URL(url).host}`);
    assertStringIncludes(text, `start it with --allow-net=${new URL(url).host}`);
    assertStringIncludes(text, "start it with --allow-env=CONTAINARIUM_SERVER,");
  });
});

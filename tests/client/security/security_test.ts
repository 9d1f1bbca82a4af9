/** What the client makes of the daemon's scans and findings, and what it does not send. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type ContainariumClient, ContainariumError, type Scanner } from "../../../client/mod.ts";
import { clientOf } from "../connect.ts";
import { sendRaw } from "../leftovers/keep.ts";
import {
  atDomain,
  daemonWith,
  inPackage,
  inProgram,
  ofBob,
  openPort,
  zapAlert,
} from "./scan_fixture.ts";
import { writes } from "../../writes.ts";

async function refusal(call: Promise<unknown>): Promise<ContainariumError> {
  return await assertRejects(() => call, ContainariumError);
}

/** Titles of what was found, each with its status. */
async function found(
  client: ContainariumClient,
  username?: string,
  scanners?: readonly Scanner[],
): Promise<readonly string[]> {
  const { findings } = await client.security.findings({ username, scanners });
  return findings.map(({ title, status }) => `${title} (${status})`);
}

Deno.test("security.scan() refuses a container that does not exist, which the daemon queues", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  for (const scanner of ["clamav", "pentest", "zap"] as const) {
    const { code } = await refusal(client.security.scan("nobody", scanner));
    assertEquals(code, "not_found");
  }
  assertEquals(writes(daemon), []);
});

Deno.test("security.scan() waits for each scanner and counts what it found", async () => {
  await using daemon = await daemonWith();
  daemon.setMalware("alice", ["root/eicar.com: Win.Test.EICAR_HDB-1"]);
  using client = await clientOf(daemon);
  const outcomes = await Promise.all(
    (["clamav", "pentest", "zap"] as const).map((scanner) =>
      client.security.scan("alice", scanner)
    ),
  );
  assertEquals(
    outcomes.map(({ scanner, state, counts, isJoined }) => ({ scanner, state, counts, isJoined })),
    [
      { scanner: "clamav", state: "completed", counts: { critical: 1 }, isJoined: false },
      {
        scanner: "pentest",
        state: "completed",
        counts: { critical: 1, high: 1, medium: 1, low: 1 },
        isJoined: false,
      },
      { scanner: "zap", state: "completed", counts: { high: 1 }, isJoined: false },
    ],
  );
});

Deno.test("security.scan() returns when the wait ends, and joins the scan in progress", async (t) => {
  for (const scanner of ["clamav", "pentest", "zap"] as const) {
    await t.step(scanner, async () => {
      await using daemon = await daemonWith();
      using client = await clientOf(daemon);
      const held = daemon.holdPhase("scanning");
      const first = await client.security.scan("alice", scanner, { waitMs: 0 });
      assertEquals([first.state, first.isJoined], ["running", false]);
      await held.reached;
      using other = await clientOf(daemon);
      const second = await other.security.scan("alice", scanner, { waitMs: 0 });
      assertEquals([second.state, second.isJoined], ["running", true]);
      held.release();
      await daemon.scansSettled();
      for (const each of [client, other]) {
        const { state, isJoined } = await each.security.scan("alice", scanner);
        assertEquals([state, isJoined, writes(daemon).length], ["completed", true, 1]);
      }
      const { isJoined } = await client.security.scan("alice", scanner);
      assertEquals([isJoined, writes(daemon).length], [false, 2]);
    });
  }
});

Deno.test("security.scan() begins one scan for two calls at the same time", async (t) => {
  for (const scanner of ["clamav", "pentest", "zap"] as const) {
    for (const username of scanner === "zap" ? [undefined] : [undefined, "alice"]) {
      await t.step(`${scanner} for ${username ?? "an admin"}`, async () => {
        await using daemon = await daemonWith();
        const as = username === undefined ? {} : { token: await daemon.token({ username }) };
        using client = await clientOf(daemon, as);
        const held = daemon.holdPhase("scanning");
        const scan = () => client.security.scan("alice", scanner, { waitMs: 0 });
        const outcomes = await Promise.all([scan(), scan()]);
        held.release();
        assertEquals(outcomes.map(({ isJoined }) => isJoined), [false, true]);
        assertEquals(writes(daemon).length, 1);
        await daemon.scansSettled();
      });
    }
  }
});

Deno.test("security.scan() reports ClamAV's own failure, which leaves no report", async () => {
  await using daemon = await daemonWith({ coreServices: [] });
  using client = await clientOf(daemon);
  const { state, error } = await client.security.scan("alice", "clamav");
  assertEquals(state, "failed");
  assertStringIncludes(error ?? "", "containarium-core-security");
  const { findings, coverage: [clamav] } = await client.security.findings({
    username: "alice",
    scanners: ["clamav"],
  });
  assertEquals([findings, clamav?.lastScannedAt], [[], undefined]);
  assertStringIncludes(clamav?.lastError ?? "", "containarium-core-security");
});

Deno.test("security.scan() does not take ClamAV's first try for its outcome", async () => {
  await using daemon = await daemonWith();
  daemon.setMalware("alice", ["root/x: Eicar"]);
  using client = await clientOf(daemon);
  // The daemon tries again, and keeps the words of the try that failed.
  daemon.inject({
    kind: "rewritten",
    method: "GET",
    path: "/v1/security/scan-status",
    times: Infinity,
    rewrite: (body) => body.replaceAll('"errorMessage":""', '"errorMessage":"cannot mount"'),
  });
  const { state, error, counts } = await client.security.scan("alice", "clamav");
  assertEquals([state, error, counts.critical], ["completed", undefined, 1]);
});

Deno.test("security.scan() does not take a scan without ZAP for one", async () => {
  await using daemon = await daemonWith({ coreServices: [] });
  using client = await clientOf(daemon);
  const { code, reason } = await refusal(client.security.scan("alice", "zap"));
  assertEquals([code, reason], ["failed_precondition", "scanner_not_installed"]);
  assertEquals(writes(daemon), []);
});

Deno.test("security.scan() works for a user and their own container, as far as the daemon lets them", async () => {
  await using daemon = await daemonWith();
  daemon.setMalware("alice", ["root/x: Eicar"]);
  using client = await clientOf(daemon, { token: await daemon.token({ username: "alice" }) });
  const clamav = await client.security.scan("alice", "clamav");
  assertEquals([clamav.state, clamav.counts.critical], ["completed", 1]);
  const pentest = await client.security.scan("alice", "pentest");
  assertEquals(pentest.state, "completed");
  assertEquals((await refusal(client.security.scan("alice", "zap"))).reason, "admin_required");
  assertEquals((await refusal(client.security.scan("bob", "clamav"))).code, "permission_denied");
});

Deno.test("security finds out what a token that is no JWT may do, before it changes anything", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon, { token: "ctnr_hosted" });
  const user = await daemon.token({ username: "alice" });
  using alice = await clientOf(daemon, { token: user });
  await alice.security.scan("alice", "pentest");
  const refused =
    '{"code":403,"error":"rpc error: code = PermissionDenied desc = role required: admin"}';
  const empty = (body: string) => ({ kind: "answer", method: "GET", status: 200, body }) as const;
  daemon.inject({
    kind: "answer",
    method: "GET",
    path: "/v1/security/scan-status",
    status: 403,
    body: refused,
  });
  daemon.inject({ ...empty('{"container":{"username":"alice"}}'), path: "/v1/containers/alice" });
  daemon.inject({
    ...empty('{"reports":[]}'),
    path: "/v1/security/clamav-reports",
    times: Infinity,
  });
  daemon.inject({
    ...empty('{"message":"queued"}'),
    method: "POST",
    path: "/v1/security/clamav-scan",
  });
  const { state, mayHaveFailed } = await client.security.scan("alice", "clamav", { waitMs: 0 });
  assertEquals([state, mayHaveFailed], ["running", true]);
});

Deno.test("security.scan() of a user says running where a failure cannot be seen", async () => {
  await using daemon = await daemonWith({ coreServices: [] });
  using client = await clientOf(daemon, { token: await daemon.token({ username: "alice" }) });
  for (const isJoined of [false, true]) {
    const outcome = await client.security.scan("alice", "clamav", { waitMs: 300 });
    assertEquals([outcome.state, outcome.mayHaveFailed, outcome.isJoined], [
      "running",
      true,
      isJoined,
    ]);
  }
});

Deno.test("security.scan() begins another scan after the daemon has lost the one that it began", async (t) => {
  const lost = { pentest: /^\/v1\/pentest\/scans\//, clamav: "/v1/security/scan-status" } as const;
  for (const [scanner, path] of Object.entries(lost)) {
    await t.step(scanner, async () => {
      assert(scanner === "pentest" || scanner === "clamav");
      await using daemon = await daemonWith();
      using client = await clientOf(daemon);
      const held = daemon.holdPhase("scanning");
      assertEquals((await client.security.scan("alice", scanner, { waitMs: 0 })).state, "running");
      held.release();
      await daemon.scansSettled();
      const body = scanner === "pentest" ? '{"code":5,"message":"scan not found"}' : '{"jobs":[]}';
      const status = scanner === "pentest" ? 404 : 200;
      daemon.inject({ kind: "answer", method: "GET", path, status, body, times: 2 });
      assert(
        ["not_found", "internal"].includes(
          (await refusal(client.security.scan("alice", scanner))).code,
        ),
      );
      daemon.forgetFaults(path);
      const again = await client.security.scan("alice", scanner);
      assertEquals([again.state, again.isJoined], ["completed", false]);
    });
  }
});

Deno.test("security.findings() lists ports and domains of a container, which the daemon leaves out", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  await client.security.scan("alice", "pentest");
  await client.security.scan("alice", "zap");
  const { findings } = await client.security.findings({ username: "alice" });
  const severities = findings.map(({ severity }) => severity);
  assertEquals(severities, ["critical", "high", "high", "medium", "low"]);
  const expected = [
    inPackage.title,
    inProgram.title,
    zapAlert.alertName,
    openPort.title,
    atDomain.title,
  ];
  assertEquals(findings.map(({ title }) => title).toSorted(), expected.toSorted());
  assertEquals(await found(client, "bob"), []);
});

Deno.test("security.findings() of a user says what the daemon does not show them", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon, { token: await daemon.token({ username: "alice" }) });
  await client.security.scan("alice", "pentest");
  const { findings, coverage } = await client.security.findings({ username: "alice" });
  assertEquals(findings.map(({ title }) => title), [inPackage.title, inProgram.title]);
  assertEquals(
    coverage.map(({ scanner, lastScannedAt, missing }) => [scanner, !!lastScannedAt, missing]),
    [["clamav", false, []], ["pentest", true, ["packages_only"]], ["zap", false, ["admin_only"]]],
  );
});

Deno.test("security.findings() tells what was never scanned from what is clean", async () => {
  await using daemon = await daemonWith({ coreServices: [], findings: [] });
  // It completes, and has looked at nothing.
  await sendRaw(daemon, "POST", "/zap/scan", { containerName: "alice-container" });
  await daemon.scansSettled();
  using client = await clientOf(daemon);
  const of = async (username?: string) =>
    (await client.security.findings({ username })).coverage.map(
      ({ scanner, lastScannedAt, neverScanned, missing }) =>
        [
          scanner,
          lastScannedAt,
          neverScanned,
          missing,
        ] as const,
    );
  const pentest = ["pentest", undefined, [], ["no_nuclei", "no_trivy"]] as const;
  const zap = ["zap", undefined, [], ["not_installed"]] as const;
  assertEquals(await of("alice"), [["clamav", undefined, [], []], pentest, zap]);
  assertEquals(await of(), [
    ["clamav", undefined, ["alice-container", "bob-container"], []],
    pentest,
    zap,
  ]);
});

Deno.test("security.findings() does not believe a scan of another container that resolves everything", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  await client.security.scan("bob", "pentest");
  await client.security.scan("alice", "pentest");
  assertEquals(await found(client, "bob"), [`${ofBob.title} (unconfirmed)`]);
  daemon.setFindings([]);
  await client.security.scan("bob", "pentest");
  assertEquals(await found(client, "bob"), [`${ofBob.title} (resolved)`]);
  assertEquals(
    (await found(client, "alice", ["pentest"])).every((each) => each.includes("(unc")),
    true,
  );
});

Deno.test("security.findings() reads malware of the last report, of one container and of all", async () => {
  await using daemon = await daemonWith();
  daemon.setMalware("alice", ["root/eicar.com: Win.Test.EICAR_HDB-1", "home/x y: Unix.Evil-2"]);
  using client = await clientOf(daemon);
  await client.security.scan("alice", "clamav");
  for (const username of ["alice", undefined]) {
    const options = { username, scanners: ["clamav"] } as const;
    const { findings } = await client.security.findings(options);
    assertEquals(findings.map(({ title, target, severity, id }) => [title, target, severity, id]), [
      ["Win.Test.EICAR_HDB-1", "alice-container (/root/eicar.com)", "critical", undefined],
      ["Unix.Evil-2", "alice-container (/home/x y)", "critical", undefined],
    ]);
  }
  daemon.setMalware("alice", []);
  await client.security.scan("alice", "clamav");
  assertEquals(await found(client, undefined, ["clamav"]), []);
});

Deno.test("security.findings() reads more than one page", async () => {
  const findings = Array.from({ length: 450 }, (_, n) => ({ ...inPackage, title: `flaw ${n}` }));
  await using daemon = await daemonWith({ findings });
  using client = await clientOf(daemon);
  await client.security.scan("alice", "pentest");
  assertEquals((await found(client, "alice", ["pentest"])).length, 450);
});

Deno.test("security.findings() goes without the domains that the token may not read", async () => {
  await using daemon = await daemonWith();
  const token = await daemon.token({
    roles: ["admin"],
    scopes: ["containers:read", "security:read", "security:write"],
  });
  using client = await clientOf(daemon, { token });
  await client.security.scan("alice", "pentest");
  const { findings, coverage: [pentest] } = await client.security.findings({
    username: "alice",
    scanners: ["pentest"],
  });
  assertEquals(findings.map(({ category }) => category), ["trivy", "trivy", "ports"]);
  assertEquals(pentest?.missing, ["domains_unread"]);
});

/** Returns the id of a finding. */
async function idOf(client: ContainariumClient, title: string): Promise<string> {
  const { findings } = await client.security.findings();
  const id = findings.find((finding) => finding.title === title)?.id;
  assert(id !== undefined);
  return id;
}

Deno.test("security.fix() upgrades a package, and fails where the daemon answers a failure with 200", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  await client.security.scan("alice", "pentest");
  const id = await idOf(client, inPackage.title);
  assertEquals(await client.security.fix(id), {
    packageName: "curl",
    oldVersion: "1.0",
    newVersion: "1.1",
  });
  const stuck = await refusal(client.security.fix(await idOf(client, inProgram.title)));
  assertEquals([stuck.code, stuck.reason], ["failed_precondition", "remediation_failed"]);
  assertStringIncludes(stuck.message, "Cannot determine OS package");
  const port = await refusal(client.security.fix(await idOf(client, openPort.title)));
  assertEquals(port.reason, "finding_unresolvable");
  assertEquals((await refusal(client.security.fix("999999"))).reason, "finding_missing");
});

Deno.test("security.fix() works for a user in their own container only", async () => {
  await using daemon = await daemonWith();
  using admin = await clientOf(daemon);
  await admin.security.scan("alice", "pentest");
  const id = await idOf(admin, inPackage.title);
  using alice = await clientOf(daemon, { token: await daemon.token({ username: "alice" }) });
  assertEquals((await alice.security.fix(id)).newVersion, "1.1");
  using bob = await clientOf(daemon, { token: await daemon.token({ username: "bob" }) });
  assertEquals((await refusal(bob.security.fix(id))).reason, "finding_missing");
  assertEquals((await refusal(alice.security.suppress("pentest", id))).reason, "admin_required");
});

Deno.test("security.suppress() reads back that the finding no longer counts", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  await client.security.scan("alice", "pentest");
  await client.security.scan("alice", "zap");
  const port = await client.security.suppress("pentest", await idOf(client, openPort.title));
  assertEquals(port.status, "suppressed");
  const alert = await client.security.suppress("zap", await idOf(client, zapAlert.alertName), {
    reason: "false alarm",
  });
  assertEquals(alert.status, "suppressed");
  const id = await idOf(client, inPackage.title);
  daemon.inject({ kind: "answer", method: "POST", status: 200, body: '{"message":"suppressed"}' });
  assertEquals((await refusal(client.security.suppress("pentest", id))).code, "internal");
});

Deno.test("security.fix() and suppress() do no more than was agreed to", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  await client.security.scan("alice", "pentest");
  const id = await idOf(client, inPackage.title);
  const agreed = await client.security.look("pentest", id);
  assert(agreed.finding !== undefined && agreed.container !== undefined);
  const before = writes(daemon).length;
  const finding = { ...agreed.finding, title: "another" };
  for (const other of [{ ...agreed, finding }, {}, { finding: agreed.finding }]) {
    const fixed = await refusal(client.security.fix(id, { agreed: other }));
    const hidden = await refusal(client.security.suppress("pentest", id, { agreed: other }));
    assertEquals([fixed.reason, hidden.reason], ["changed_since_agreed", "changed_since_agreed"]);
  }
  assertEquals(writes(daemon).length, before);
  await client.security.fix(id, { agreed });
});

Deno.test("security.install() fails where the daemon answers a failure with 200", async () => {
  await using daemon = await daemonWith({ coreServices: [] });
  using client = await clientOf(daemon);
  for (const scanner of ["nuclei", "trivy", "zap"] as const) {
    const { code, reason, message } = await refusal(client.security.install(scanner));
    assertEquals([code, reason], ["failed_precondition", "scanner_not_installed"]);
    assertStringIncludes(message, "installation failed");
  }
  const yes = '{"success":true,"message":"installed"}';
  daemon.inject({ kind: "answer", method: "POST", status: 200, body: yes });
  assertStringIncludes((await refusal(client.security.install("trivy"))).message, "cannot use it");
});

Deno.test("security.installed() ends after both of its requests, also if one of them fails", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  daemon.inject({ kind: "answer", path: "/v1/pentest/config", status: 403, body: "{}" });
  const zap = daemon.hold("GET", "/v1/zap/config");
  let hasEnded = false;
  const failing = refusal(client.security.installed()).finally(() => hasEnded = true);
  await zap.reached;
  await client.metrics.list();
  assertEquals(hasEnded, false);
  zap.release();
  assertEquals((await failing).code, "permission_denied");
});

Deno.test("security.install() joins the installation in progress", async () => {
  await using daemon = await daemonWith();
  using client = await clientOf(daemon);
  daemon.inject({ kind: "latency", method: "POST", ms: 200 });
  assertEquals(await client.security.install("zap", { waitMs: 0 }), false);
  assertEquals(await client.security.install("zap"), true);
  assertEquals(writes(daemon), ["POST /v1/zap/install"]);
});

Deno.test("security at a daemon that knows no scans is unsupported", async () => {
  await using daemon = await daemonWith({ version: "0.6.0", routes: [] });
  using client = await clientOf(daemon);
  assertEquals((await refusal(client.security.findings())).code, "unsupported");
  assertEquals((await refusal(client.security.scan("alice", "clamav"))).code, "unsupported");
});

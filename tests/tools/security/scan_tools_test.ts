/** What the tools of the toolset `security` answer, and what they do not do. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { clientOf } from "../../client/connect.ts";
import {
  atDomain,
  daemonWith,
  inPackage,
  inProgram,
  openPort,
} from "../../client/security/scan_fixture.ts";
import { writes } from "../../writes.ts";
import { connect, type ConnectOptions, type Session } from "../../connect.ts";
import { resolveFinding } from "../../../tools/security/resolve_finding.ts";
import { listFindings } from "../../../tools/security/list_findings.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";

async function connected(
  daemon: Parameters<typeof connect>[0],
  options: ConnectOptions = {},
): Promise<Session> {
  return await connect(daemon, { ...options, args: ["--toolsets", "security"] });
}

const username = "alice";

/** Returns the id of a finding. */
async function idOf(server: Session, title: string): Promise<string> {
  const { structuredContent } = await server.call("list_findings", {});
  const { findings } = listFindings.output.parse(structuredContent);
  const id = findings.find((finding) => finding.title === title)?.id;
  assert(id !== undefined, title);
  return id;
}

Deno.test("scan_container scans with all that there is, and list_findings shows what was found", async () => {
  await using daemon = await daemonWith();
  daemon.setMalware(username, ["root/eicar.com: Win.Test.EICAR_HDB-1"]);
  await using server = await connected(daemon);
  const scanned = await server.call("scan_container", { username });
  assertEquals(scanned.isError, false);
  assertEquals(
    scanned.text,
    "clamav: completed, 1 critical\n" +
      "pentest: completed, 1 critical, 1 high, 1 medium, 1 low\n" +
      "zap: completed, 1 high\n" +
      "Next: list_findings shows what was found.",
  );
  const { text } = await server.call("list_findings", { username });
  for (
    const words of [
      "/root/eicar.com",
      "[action=fix]",
      "SQL Injection",
      openPort.title,
      atDomain.target,
    ]
  ) {
    assertStringIncludes(text, words);
  }
  const few = await server.call("list_findings", { username, severity: "high", limit: 1 });
  assertStringIncludes(few.text, "3 more");
  assert(!few.text.includes(openPort.title));
  const one = await server.call("list_findings", { username, kind: "zap" });
  assertEquals([one.text.includes("SQL Injection"), one.text.includes("pentest")], [true, false]);
});

Deno.test("scan_container refuses a container that does not exist, and names the one that was meant", async () => {
  await using daemon = await daemonWith();
  await using server = await connected(daemon);
  const { isError, text } = await server.call("scan_container", { username: "alise" });
  assertEquals(isError, true);
  assertStringIncludes(text, "Did you mean alice?");
  assertEquals(writes(daemon), []);
});

Deno.test("scan_container reports each scanner's own failure", async () => {
  await using daemon = await daemonWith({ coreServices: [] });
  await using server = await connected(daemon);
  const args = { username, kinds: ["clamav", "pentest", "zap"] };
  const { isError, text } = await server.call("scan_container", args);
  assertEquals(isError, false);
  assertStringIncludes(text, "clamav: failed");
  assertStringIncludes(text, "containarium-core-security");
  assertStringIncludes(text, "pentest: completed");
  assertStringIncludes(text, "zap: failed");
  const zap = await server.call("scan_container", { username, kinds: ["zap"] });
  assertEquals([zap.isError, zap.reason], [true, "scanner_not_installed"]);
  assertStringIncludes(zap.text, "install_scanner");
});

Deno.test("scan_container names what a penetration test could not find without nuclei and trivy", async () => {
  await using daemon = await daemonWith({ coreServices: [] });
  await using server = await connected(daemon);
  const { text } = await server.call("scan_container", { username, kinds: ["pentest"] });
  assertStringIncludes(
    text,
    "\n  missing: known flaws of web servers: nuclei is not installed (install_scanner)" +
      "\n  missing: flaws of packages: trivy is not installed (install_scanner)\n",
  );
});

Deno.test("scan_container leaves out what a user may not use, and says so if it is asked for", async () => {
  await using daemon = await daemonWith();
  const token = await daemon.token({ username });
  await using server = await connected({ url: daemon.url, token });
  const { text } = await server.call("scan_container", { username });
  assertEquals(text.includes("zap"), false);
  const zap = await server.call("scan_container", { username, kinds: ["zap"] });
  assertEquals(zap.reason, "admin_required");
  const own = await server.call("list_findings", {});
  assertStringIncludes(own.text, inPackage.title);
  assertStringIncludes(own.text, "missing: open ports and web findings");
  const other = await server.call("list_findings", { username: "bob" });
  assertEquals([other.isError, other.code], [true, "permission_denied"]);
});

Deno.test("scan_container returns when the wait ends, and the same call begins no second scan", async () => {
  await using daemon = await daemonWith();
  await using server = await connected(daemon);
  const held = daemon.holdPhase("scanning");
  const args = { username, kinds: ["pentest"] };
  const first = await server.call("scan_container", { ...args, wait_seconds: 0 });
  assertEquals(
    first.text,
    "pentest: running\nNext: repeat this call to keep waiting; it begins no second scan.",
  );
  held.release();
  await daemon.scansSettled();
  const second = await server.call("scan_container", args);
  assertStringIncludes(second.text, "pentest: completed, 1 critical");
  assertEquals(writes(daemon), ["POST /v1/pentest/scan"]);
});

Deno.test("list_findings does not call clean what no scanner has looked at", async () => {
  await using daemon = await daemonWith({ coreServices: [] });
  await using server = await connected(daemon);
  const { text } = await server.call("list_findings", { username });
  const nothing = "no complete scan is known, so no findings does not mean clean";
  assertEquals(
    text,
    "No findings.\n" +
      `clamav: ${nothing}\n` +
      `pentest: ${nothing}; missing: known flaws of web servers: nuclei is not installed ` +
      "(install_scanner); missing: flaws of packages: trivy is not installed (install_scanner)\n" +
      `zap: ${nothing}; missing: all of it: it is not installed on the host (install_scanner)`,
  );
  const all = await server.call("list_findings", {});
  assertStringIncludes(all.text, "never looked at alice-container, bob-container");
  const missing = await server.call("list_findings", { username: "alise" });
  assertStringIncludes(missing.text, "Did you mean alice?");
});

Deno.test("list_findings shows as unconfirmed what a scan of another container resolved", async () => {
  await using daemon = await daemonWith();
  await using server = await connected(daemon);
  await server.call("scan_container", { username: "bob", kinds: ["pentest"] });
  await server.call("scan_container", { username, kinds: ["pentest"] });
  const { text } = await server.call("list_findings", { username: "bob", kind: "pentest" });
  assertStringIncludes(text, "critical, unconfirmed");
});

Deno.test("resolve_finding asks, fixes, and reports a failure that the daemon answers like a success", async () => {
  await using daemon = await daemonWith();
  await using server = await connected(daemon, { capabilities: { elicitation: {} } });
  const asked: unknown[] = [];
  const answers = [false, true, true, true];
  server.onRequest(
    "elicitation/create",
    ({ message }) =>
      answers[asked.push(message) - 1] === true
        ? { action: "accept", content: { confirm: true } }
        : { action: "decline" },
  );
  await server.call("scan_container", { username, kinds: ["pentest"] });
  const before = writes(daemon).length;
  const args = { kind: "pentest", id: await idOf(server, inPackage.title), action: "fix" };
  assertEquals((await server.call("resolve_finding", args)).isError, true);
  assertEquals(writes(daemon).length, before);
  const fixed = await server.call("resolve_finding", args);
  assertStringIncludes(fixed.text, "Upgraded curl from 1.0 to 1.1");
  assertEquals(
    asked[0],
    'Fix the finding "curl: overflow" (critical) at "alice-container (usr/bin/curl)"? The daemon ' +
      "upgrades the package in the container, which may restart what uses it.",
  );
  const program = { ...args, id: await idOf(server, inProgram.title) };
  const stuck = await server.call("resolve_finding", program);
  assertEquals([stuck.isError, stuck.reason], [true, "remediation_failed"]);
  assertStringIncludes(stuck.text, "Cannot determine OS package");
  const port = { ...args, id: await idOf(server, openPort.title) };
  const unfixable = await server.call("resolve_finding", port);
  assertEquals([unfixable.reason, asked.length], ["finding_unresolvable", 3]);
  const hidden = await server.call("resolve_finding", {
    ...port,
    action: "suppress",
    reason: "SSH",
  });
  assertEquals(hidden.text, "Suppressed the finding 3 of pentest: it no longer counts as open.");
  assertStringIncludes(String(asked[3]), "the API cannot reopen it");
  const { text } = await server.call("list_findings", { username });
  assert(!text.includes(openPort.title), text);
  const none = await server.call("resolve_finding", { ...args, id: "999999" });
  assertEquals([none.reason, asked.length], ["finding_missing", 4]);
});

Deno.test("resolve_finding does no more than what was agreed to", async (t) => {
  for (const action of ["fix", "suppress"] as const) {
    await t.step(`${action}: another container of the same name`, async () => {
      const createdAt = new Date("2026-01-01T00:00:00Z");
      await using daemon = await daemonWith({ containers: [{ username, createdAt }] });
      using client = await clientOf(daemon);
      await client.security.scan(username, "pentest");
      const { findings } = await client.security.findings({ username });
      const args = { kind: "pentest", id: findings[0]?.id ?? "", action } as const;
      const before = writes(daemon).length;
      const change = () => daemon.replace({ username });
      const context = contextOf(client);
      const { question, refusal } = await changedBetween(resolveFinding, args, context, change);
      assert(question !== undefined);
      assertEquals(refusal?.reason, "changed_since_agreed");
      assertEquals(writes(daemon).length, before);
      const same = await changedBetween(resolveFinding, args, context, () => {});
      assertEquals(same.refusal, undefined);
    });
    await t.step(`${action}: a finding that came since, of which nobody was asked`, async () => {
      await using daemon = await daemonWith();
      using client = await clientOf(daemon);
      using other = await clientOf(daemon);
      const args = { kind: "pentest", id: "1", action } as const;
      const change = () => other.security.scan(username, "pentest");
      const { question, refusal } = await changedBetween(
        resolveFinding,
        args,
        contextOf(client),
        change,
      );
      assertEquals([question, refusal?.reason], [undefined, "changed_since_agreed"]);
      assertEquals(writes(daemon), ["POST /v1/pentest/scan"]);
    });
  }
});

Deno.test("install_scanner fails where the daemon answers a failure with 200", async () => {
  await using daemon = await daemonWith({ coreServices: [] });
  await using server = await connected(daemon);
  const { isError, reason, text } = await server.call("install_scanner", { scanner: "trivy" });
  assertEquals([isError, reason], [true, "scanner_not_installed"]);
  assertStringIncludes(text, "network is unreachable");
});

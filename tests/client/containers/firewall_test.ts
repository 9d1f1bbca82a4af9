import { assertEquals } from "@std/assert";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

/** The daemon's next answer to a read. */
function answer(daemon: Daemon, path: string, body: unknown, status = 200): void {
  daemon.inject({ kind: "answer", method: "GET", path, status, body: JSON.stringify(body) });
}

Deno.test("getFirewall() knows the daemon's presets, and no others", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const presets = {
    "ACL_PRESET_FULL_ISOLATION": "full_isolation",
    "ACL_PRESET_HTTP_ONLY": "http_only",
    "ACL_PRESET_PERMISSIVE": "permissive",
    "ACL_PRESET_CUSTOM": undefined,
    toString: undefined,
  };
  for (const [preset, firewall] of Object.entries(presets)) {
    answer(daemon, "/v1/containers/alice/acl", { acl: { preset } });
    assertEquals(await client.containers.getFirewall("alice"), firewall, preset);
  }
  answer(daemon, "/v1/containers/alice/acl", { acl: {} });
  assertEquals(await client.containers.getFirewall("alice"), undefined);
});

Deno.test("getFirewallInForce() needs the container's own rules in the topology", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const named = (name: string, aclName?: string) => ({ topology: { nodes: [{ name, aclName }] } });
  const cases = [
    ["attached", 200, named("alice-container", "acl-alice"), "http_only"],
    ["not attached", 200, named("alice-container", ""), undefined],
    ["without a name", 200, named("alice-container"), undefined],
    ["attached to another", 200, named("bob-container", "acl-bob"), undefined],
    ["nothing there", 200, { topology: { nodes: [] } }, undefined],
    ["not shown to this token", 403, { code: 7, message: "permission denied" }, undefined],
  ] as const;
  for (const [name, status, body, firewall] of cases) {
    await t.step(name, async () => {
      answer(daemon, "/v1/containers/alice/acl", { acl: { preset: "ACL_PRESET_HTTP_ONLY" } });
      answer(daemon, "/v1/network/topology", body, status);
      assertEquals(await client.containers.getFirewallInForce("alice"), firewall);
      assertEquals(daemon.requests.at(-1)?.path, "/v1/network/topology?includeStopped=true");
    });
  }
  await t.step("none is stored", async () => {
    answer(daemon, "/v1/containers/alice/acl", { acl: {} });
    assertEquals(await client.containers.getFirewallInForce("alice"), undefined);
    assertEquals(daemon.requests.at(-1)?.path, "/v1/containers/alice/acl");
  });
});

Deno.test("getFirewallInForce() reads again after a lost connection, as each read does", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", staticIp: true }],
  });
  using client = await clientOf(daemon);
  await client.containers.setFirewall("alice", "http_only");
  for (const path of [/\/acl$/, /\/topology/]) {
    daemon.dropNext("GET", "before-read", path);
    assertEquals(await client.containers.getFirewallInForce("alice"), "http_only");
  }
});

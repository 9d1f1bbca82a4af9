import { assertEquals } from "@std/assert";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

/** The daemon's next answer to a read. */
function answer(daemon: Daemon, path: string, body: unknown, status = 200): void {
  daemon.inject({ kind: "answer", method: "GET", path, status, body: JSON.stringify(body) });
}

Deno.test("diagnose() reads every field, and lists only texts", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const path = "/v1/containers/alice/debug";
  answer(daemon, path, {
    containerState: "running",
    hostUserExists: true,
    hostUserShell: "/bin/bash",
    hostUserShellExists: true,
    sshIngressHost: "jump.example",
    likelyCause: "no key",
    nextActions: ["add a key", 1, null],
    recentSshdRejections: ["alice: no key", {}],
    daemonVersion: "0.67.0",
  });
  assertEquals(await client.containers.diagnose("alice"), {
    containerState: "running",
    hostUserExists: true,
    loginShell: "/bin/bash",
    loginShellExists: true,
    sshIngressHost: "jump.example",
    likelyCause: "no key",
    nextActions: ["add a key"],
    recentSshdRejections: ["alice: no key"],
    daemonVersion: "0.67.0",
  });
  answer(daemon, path, {});
  const { containerState, hostUserExists, nextActions, ...rest } = await client.containers.diagnose(
    "alice",
  );
  assertEquals([containerState, hostUserExists, nextActions], ["unknown", false, []]);
  assertEquals([rest.loginShellExists, rest.recentSshdRejections, rest.loginShell], [
    false,
    [],
    undefined,
  ]);
});

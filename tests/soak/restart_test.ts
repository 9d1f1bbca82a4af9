/** The daemon is restarted while it creates: Incus keeps what is made, and the daemon forgets who made it. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../connect.ts";
import { type Phase, startDaemon } from "../daemon/mod.ts";
import { eachAtOnce } from "../at_once.ts";

const phases: Readonly<Record<string, Phase>> = {
  "before the container runs": "creating",
  "after it runs": "provisioning",
};

Deno.test("create_container reports a creation in which the daemon is restarted as what is there then", async (t) => {
  await eachAtOnce(t, phases, async (phase) => {
    const first = await startDaemon();
    const { port } = new URL(first.url);
    await using session = await connect(first);
    const held = first.holdPhase(phase, "alice");
    const call = session.call("create_container", { username: "alice", wait_seconds: 5 });
    await held.reached;
    const made = first.count("POST", "/v1/containers");
    await first.close();
    await using second = await startDaemon({ port: Number(port), sharesIncusWith: first });
    const { isError, code, text, structuredContent } = await call;
    const state = second.state("alice")?.replace("CONTAINER_STATE_", "").toLowerCase();
    if (isError) assertEquals(code, "ambiguous", text);
    else assertStringIncludes(JSON.stringify(structuredContent), `"state":"${state}"`, text);
    assertEquals(made + second.count("POST", "/v1/containers"), 1);
  });
});

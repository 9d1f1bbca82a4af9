import { assertEquals, assertStringIncludes } from "@std/assert";
import { getContainer } from "../../../tools/containers/get_container.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("get_container shows one container, complete in text and data", async () => {
  await using daemon = await startDaemon({
    containers: [{
      username: "alice",
      labels: { team: "dev" },
      ttlSeconds: 3600,
      protected: true,
      autoSleep: true,
      idleThresholdMinutes: 30,
      createdAt: new Date("2026-11-20T12:00:00Z"),
    }],
  });
  await using server = await connect(daemon);
  const answer = await server.call("get_container", { username: "alice" });
  const { container } = getContainer.output.parse(answer.structuredContent);
  assertEquals(container.created_at, "2026-11-20T12:00:00.000Z");
  assertEquals(container.protected, true);
  assertEquals(container.auto_sleep_minutes, 30);
  assertEquals(container.labels, { team: "dev" });
  for (
    const line of [
      "username: alice",
      "state: running",
      `ip_address: ${container.ip_address}`,
      `ttl_expires_at: ${container.ttl_expires_at}`,
      "labels: team=dev",
      "protected: yes",
      "auto_sleep_minutes: 30",
    ]
  ) assertStringIncludes(answer.text, line);
});

Deno.test("get_container explains what stands in its way", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await t.step("no such container", async () => {
    await using server = await connect(daemon);
    const { isError, text } = await server.call("get_container", { username: "carol" });
    assertEquals(isError, true);
    assertStringIncludes(text, "API error (status 500)");
    assertStringIncludes(text, "Why: there is no container of that user");
    assertStringIncludes(text, "Next: call list_containers");
  });
  await t.step("another user's", async () => {
    const token = await daemon.token({ username: "bob" });
    await using server = await connect({ url: daemon.url, token });
    const { isError, text } = await server.call("get_container", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "the token belongs to another user");
  });
  await t.step("a token without the scope", async () => {
    const token = await daemon.token({ scopes: ["ssh:write"] });
    await using server = await connect({ url: daemon.url, token });
    const { isError, text } = await server.call("get_container", { username: "alice" });
    assertEquals(isError, true);
    assertStringIncludes(text, "lacks the scope containers:read");
  });
  await t.step("a creation that failed", async () => {
    await using server = await connect(daemon);
    daemon.failNextCreate();
    await server.call("create_container", { username: "dave" });
    const { text } = await server.call("get_container", { username: "dave" });
    assertStringIncludes(text, "the last attempt to create one failed");
  });
});

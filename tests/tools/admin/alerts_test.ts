import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { type Daemon, type DaemonOptions, startDaemon } from "../../daemon/mod.ts";
import { canAsk } from "./asking.ts";
import { answering } from "../../answering.ts";
import { writes } from "../../writes.ts";

const expr = "system_memory_used_bytes / system_memory_total_bytes > 0.95";

async function alertingDaemon(options: DaemonOptions = {}): Promise<Daemon> {
  return await startDaemon({ coreServices: ["victoriametrics"], ...options });
}

Deno.test("set_alert creates an alert that is on, and says that nobody is notified", async () => {
  await using daemon = await alertingDaemon();
  await using server = await connect(daemon, canAsk);
  const asked = answering(server);
  const { text, structuredContent } = await server.call("set_alert", { alert: "MemoryFull", expr });
  assertStringIncludes(text, "Created the alert MemoryFull.");
  assertStringIncludes(text, "No webhook is set, so nobody is notified");
  assertEquals(asked, []);
  assertEquals(Reflect.get(Object(structuredContent), "alert").off, undefined);
  assertEquals(
    JSON.parse(String(daemon.requests.find(({ method }) => method === "POST")?.body)).enabled,
    true,
  );
});

Deno.test("list_alerts shows at most 200, and says how many more there are", async () => {
  await using daemon = await alertingDaemon();
  await using server = await connect(daemon, canAsk);
  answering(server);
  await server.call("set_alert", { alert: "MemoryFull", expr });
  daemon.inject({
    kind: "rewritten",
    path: "/v1/alerts",
    rewrite: (body) => {
      const { rules: [one] } = JSON.parse(body);
      return JSON.stringify({ rules: Array(300).fill(one) });
    },
  });
  const { text, structuredContent } = await server.call("list_alerts");
  assertEquals(Reflect.get(Object(structuredContent), "alerts").length, 200);
  assert(/\d{3} more are not shown\./.test(text), text.slice(-300));
});

Deno.test("set_alert asks before it changes an alert or switches it off", async () => {
  await using daemon = await alertingDaemon();
  await using server = await connect(daemon, canAsk);
  const asked = answering(server, false, true);
  await server.call("set_alert", { alert: "HostDown", expr: "up == 0" });
  const change = { alert: "HostDown", duration: "1h", enabled: false };
  assertEquals((await server.call("set_alert", change)).isError, true);
  assertEquals(writes(daemon).length, 1);
  assertStringIncludes((await server.call("set_alert", change)).text, "HostDown, which is off.");
  assertEquals(
    asked[1],
    'Change the alert "HostDown" ("up == 0" for "5m")? Then: how long it has to last becomes "1h" ' +
      'instead of "5m"; it is switched off: it notifies nobody.',
  );
  await server.call("set_alert", { alert: "HostDown", enabled: true });
  assertEquals(asked.length, 2, "what loses nothing is not asked about");
});

Deno.test("set_alert refuses what the daemon would accept", async (t) => {
  await using daemon = await alertingDaemon();
  await using server = await connect(daemon, canAsk);
  const cases: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, string]>> = {
    "a wrong expression": [{ alert: "A", expr: "this is (not promql" }, "two values in a row"],
    "a wrong duration": [{ alert: "A", expr, duration: "soon" }, "such as 5m, 90s or 1h30m"],
    "a wrong severity": [{ alert: "A", expr, severity: "awful" }, "critical"],
    "nothing to watch": [{ alert: "A" }, "a new one needs an expression"],
    "one of the daemon's own": [{ alert: "HighMemoryUsage", expr }, "with another name"],
    "a slip": [{ alert: "a/b", expr }, "expected a name such as HighMemoryUsage"],
  };
  for (const [name, [args, expected]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const { isError, text } = await server.call("set_alert", args);
      assertEquals(isError, true);
      assertStringIncludes(text, expected);
    });
  }
  assertEquals(writes(daemon), []);
});

Deno.test("set_alert says that an expression without a comparison always fires", async () => {
  await using daemon = await alertingDaemon();
  await using server = await connect(daemon, canAsk);
  const { text } = await server.call("set_alert", { alert: "A", expr: "up" });
  assertStringIncludes(text, "compares nothing, so it fires as long as the metric exists");
});

Deno.test("set_alert reports the alert that it set where its delivery cannot be read", async () => {
  await using daemon = await alertingDaemon();
  await using server = await connect(daemon, canAsk);
  const setting = daemon.hold("POST", "/v1/alerts");
  const call = server.call("set_alert", { alert: "MemoryFull", expr });
  await setting.reached;
  const body = '{"code":13,"message":"no database"}';
  daemon.inject({ kind: "answer", path: "/v1/system/alerting", status: 500, body });
  setting.release();
  const { isError, text } = await call;
  assertEquals(isError, false, text);
  assertStringIncludes(text, "Created the alert MemoryFull.");
  assertStringIncludes(text, "Whether it notifies anybody could not be read: ");
});

Deno.test("list_alerts shows the daemon's own as examples, and where notifications go", async () => {
  await using daemon = await alertingDaemon();
  await using server = await connect(daemon, canAsk);
  await server.call("set_alert", { alert: "MemoryFull", expr, description: "Act\u001b now" });
  const { text } = await server.call("list_alerts", {});
  const [, own = "", builtIn = ""] = text.split("\n");
  assert(own.startsWith("MemoryFull "), own);
  assertStringIncludes(own, "Act\\u{1b} now");
  assert(builtIn.startsWith("HighMemoryUsage "), builtIn);
  assertStringIncludes(text, "No webhook is set");
});

Deno.test("list_alerts says that a daemon cannot alert", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon, canAsk);
  const { text } = await server.call("list_alerts", {});
  assertEquals(
    text,
    "No alerts.\nThe daemon evaluates no alerts: it has no store of metrics or no database.",
  );
  const set = await server.call("set_alert", { alert: "A", expr });
  assertEquals([set.isError, set.reason], [true, "alerting_off"]);
  assertStringIncludes(set.text, "before the host's operator has set them up");
});

Deno.test("delete_alert asks first, and deletes only what was shown", async () => {
  await using daemon = await alertingDaemon();
  await using server = await connect(daemon, canAsk);
  const asked = answering(server, false, true);
  await server.call("set_alert", { alert: "HostDown", expr: "up == 0" });
  assertEquals((await server.call("delete_alert", { alert: "HostDown" })).isError, true);
  assertEquals(writes(daemon).length, 1);
  assertEquals(
    (await server.call("delete_alert", { alert: "HostDown" })).text,
    "Deleted the alert HostDown (up == 0).",
  );
  assertEquals(
    asked[0],
    'Delete the alert "HostDown" ("up == 0" for "5m"), permanently? Nobody is notified by it any more.',
  );
  assertEquals(
    (await server.call("delete_alert", { alert: "HostDown" })).text,
    "There is no such alert; nothing was deleted.",
  );
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect, connectProcess } from "../../connect.ts";
import { API_KEY, daemonWith, key, username, VALUE } from "./secret_fixture.ts";

Deno.test("set_secret generates a value that enters neither the conversation nor the log", async () => {
  await using daemon = await daemonWith();
  const server = await connectProcess(daemon, { args: ["--debug"] });
  await server.request("logging/setLevel", { level: "debug" });
  const { text } = await server.call("set_secret", { ...API_KEY, generate: 40, deliver: "file" });
  assertEquals(
    text,
    "Created API_KEY (file, version 1). Its value is random, and nobody has seen it.",
  );
  const value = daemon.delivered(username).files.API_KEY ?? "";
  assert(/^[A-Za-z0-9]{40}$/.test(value), value);
  const quoting = JSON.stringify({ code: 13, message: `cannot read ${value}` });
  daemon.inject({ kind: "answer", method: "GET", status: 500, body: quoting });
  assertEquals((await server.call("list_secrets", { username })).isError, true);
  await server[Symbol.asyncDispose]();
  const written = JSON.stringify(server.messages) + server.stderr;
  assertStringIncludes(written, "[secret]");
  assert(!written.includes(value), "it is in the conversation or in the log");
  assertStringIncludes(
    server.stderr,
    "set_secret username=alice name=7 characters generate=40",
  );
  assertStringIncludes(server.stderr, "/v1/secrets/alice/refresh 200");
});

Deno.test("secrets: a value shows nowhere but in the answer of get_secret", async (t) => {
  const cases: Readonly<Record<string, readonly [string, Readonly<Record<string, unknown>>]>> = {
    "a set value": ["set_secret", key],
    "a replaced value": ["set_secret", key],
    "a misspelled argument": ["set_secret", { ...API_KEY, valeu: VALUE }],
    "a value and a length": ["set_secret", { ...key, generate: 32 }],
    "a value as a list": ["set_secret", { ...API_KEY, value: [VALUE] }],
    "a value in place of the name": ["set_secret", { username, name: VALUE, value: "API_KEY" }],
    "a value in place of the username": ["set_secret", { ...key, username: VALUE }],
    "a value for its delivery": ["set_secret", { ...key, deliver: VALUE }],
    "a value in place of a name to show": ["get_secret", { username, name: VALUE }],
    "a value in place of a name to delete": ["delete_secret", { username, name: VALUE }],
    "a value with NUL": ["set_secret", { ...key, value: `${VALUE}\0` }],
    "a value that is too long": ["set_secret", { ...key, value: VALUE.repeat(6_000) }],
    "a reserved name": ["set_secret", { ...key, name: "PATH" }],
    "no container": ["set_secret", { ...key, username: "nobody" }],
    "a listing": ["list_secrets", { username }],
    "a deletion": ["delete_secret", API_KEY],
  };
  await using daemon = await daemonWith();
  const server = await connect(daemon, {
    args: ["--debug"],
    capabilities: { elicitation: {} },
  });
  const yes = { action: "accept", content: { confirm: true } };
  server.onRequest("elicitation/create", () => yes);
  await server.request("logging/setLevel", { level: "debug" });
  for (const [name, [tool, args]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await server.call(tool, args);
      assert(!JSON.stringify(server.messages).includes(VALUE), "it is in the conversation");
    });
  }
  await server[Symbol.asyncDispose]();
  assert(server.stderr.includes("tools/call"), "the debug log is off");
  assertEquals(server.stderr.split("\n").filter((line) => line.includes(VALUE)), []);
});

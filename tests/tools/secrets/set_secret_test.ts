import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../connect.ts";
import { testWithPty } from "../../with_pty.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { API_KEY, daemonWith, key, username, VALUE, withoutTimes } from "./secret_fixture.ts";
import { answering } from "../../answering.ts";
import { writes } from "../../writes.ts";

const asVariable =
  "It is a variable of what Incus starts in the container from now on; what runs already keeps its old " +
  "environment. run_command and terminals are login shells, which clear it: deliver=file reaches them.";

Deno.test("set_secret stores a value, refreshes, and says who gets it", async () => {
  await using daemon = await daemonWith();
  await using server = await connect(daemon);
  const { text, structuredContent } = await server.call("set_secret", key);
  assertEquals(
    text,
    "Created API_KEY (env, version 1).\n" +
      asVariable,
  );
  assert(!JSON.stringify(structuredContent).includes(VALUE));
  assertEquals(daemon.delivered(username).env, { API_KEY: VALUE });
  const file = await server.call("set_secret", { ...key, name: "CERT", deliver: "file" });
  assertEquals(file.text, "Created CERT (file, version 1).");
  assertEquals(writes(daemon), [
    "POST /v1/secrets",
    "POST /v1/secrets/alice/refresh",
    "POST /v1/secrets",
    "POST /v1/secrets/alice/refresh",
  ]);
});

Deno.test("set_secret asks before it replaces a value, and keeps its delivery by default", async () => {
  await using daemon = await daemonWith({ secrets: [{ ...key, delivery: "file" }] });
  await using server = await connect(daemon, { capabilities: { elicitation: {} } });
  const asked = answering(server, false, true, true);
  const other = { ...key, value: "other-v4lue" };
  assertEquals((await server.call("set_secret", other)).isError, true);
  assertEquals(writes(daemon), []);
  assertEquals(
    (await server.call("set_secret", other)).text,
    "Replaced API_KEY (file, version 2).",
  );
  const moved = await server.call("set_secret", { ...other, deliver: "env" });
  assertEquals(
    moved.text,
    "Replaced API_KEY (env, version 3).\n" +
      `${asVariable}\n` +
      "The old value stays in /run/secrets/API_KEY of alice-container until it restarts.",
  );
  const question = "Replace the secret API_KEY of alice-container (version 1, set TIME)? Its old " +
    "value is lost.";
  assertEquals(withoutTimes(String(asked[0])), question);
  assertEquals(asked.length, 3);
});

Deno.test("set_secret sends nothing for a name that would break the container, or for none", async (t) => {
  await using daemon = await daemonWith();
  await using server = await connect(daemon);
  for (const name of ["PATH", "HOME", "SHELL", "USER", "TERM", "LANG", "LD_PRELOAD", "lower"]) {
    await t.step(name, async () => {
      const { isError, text } = await server.call("set_secret", { ...key, name });
      assertEquals(isError, true);
      assertStringIncludes(text, "Invalid arguments for set_secret:\nname: A secret");
    });
  }
  for (const args of [API_KEY, { ...key, generate: 32 }, { ...API_KEY, generate: 8 }]) {
    assertEquals((await server.call("set_secret", args)).isError, true);
  }
  const { isError, text } = await server.call("set_secret", { ...key, username: "alise" });
  assertEquals(isError, true);
  assertStringIncludes(text, "There is no container for alise");
  assertStringIncludes(text, "Did you mean alice?");
  assertEquals(writes(daemon), []);
});

Deno.test("set_secret says when a container that does not run gets the secret", async () => {
  await using daemon = await startDaemon({
    containers: [{ username, state: "CONTAINER_STATE_STOPPED" }],
  });
  await using server = await connect(daemon);
  assertEquals(
    (await server.call("set_secret", key)).text,
    "Created API_KEY (env, version 1).\nalice-container is stopped: it gets the secret when it starts.",
  );
});

Deno.test("set_secret says how to learn whether it happened when the response is lost", async () => {
  await using daemon = await daemonWith();
  await using server = await connect(daemon);
  daemon.dropNext("POST", "after-read", "/v1/secrets");
  const { text, code } = await server.call("set_secret", key);
  assertEquals(code, "ambiguous");
  assertStringIncludes(text, "call list_secrets first");
});

Deno.test("set_secret reads generate=true as 32 characters", async () => {
  await using daemon = await daemonWith();
  await using server = await connect(daemon);
  for (const generate of [true, "true"]) {
    const { isError, text } = await server.call("set_secret", { ...API_KEY, generate });
    assertEquals(isError, false, text);
    assertEquals(daemon.delivered(username).env.API_KEY?.length, 32);
  }
});

testWithPty(
  "set_secret reaches commands as a file, and not as a variable, as it says",
  async () => {
    await using daemon = await daemonWith({ shell: {} });
    await using server = await connect(daemon);
    const run = async (command: string) =>
      (await server.call("run_command", { username, command })).text;
    // The container's /run is beside the home in the simulator.
    assertStringIncludes(await run("cat ../run/secrets/CERT || echo none"), "none");
    await server.call("set_secret", { ...key, name: "CERT", deliver: "file" });
    await server.call("set_secret", { ...key, name: "DB", deliver: "compose" });
    await server.call("set_secret", key);
    assertStringIncludes(await run("cat ../run/secrets/CERT; echo; echo [$API_KEY]"), "[]");
    assertStringIncludes(await run("cat ../run/secrets/CERT | wc -c"), `${VALUE.length}`);
    assertStringIncludes(await run("cut -c1-3 ../run/containarium/secrets.env"), "DB=");
    await using later = await connect(daemon);
    const { text } = await later.call("run_command", { username, command: "echo [$API_KEY]" });
    assertStringIncludes(text, "[]");
  },
);

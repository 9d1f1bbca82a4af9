import { assertEquals, assertStringIncludes } from "@std/assert";
import { connectProcess, shippedCommand } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";
import { launch } from "./launch.ts";
import { makeTempFolder } from "../temp.ts";

Deno.test("a policy file that cannot be used ends the start with exit code 2 and its faults", async (t) => {
  await using daemon = await startDaemon();
  const target = { url: daemon.url, token: await daemon.token() };
  await using folder = await makeTempFolder();
  const file = `${folder.path}/policy.json`;
  const ends = async (read: readonly string[], path: string, ...parts: readonly string[]) => {
    const env = { CONTAINARIUM_CONFIG: path };
    await using launched = await launch(target, { env, read, initialize: false });
    for (const part of parts) await launched.server.whenStderr(part);
    assertEquals((await launched.server.exited).code, 2);
  };
  await t.step("each with its line", async () => {
    await Deno.writeTextFile(
      file,
      '{"templates": {\n"web": {"cpu": "x"}}, "quotas": {"user": {}}}',
    );
    await ends(
      [file],
      file,
      "line 2, templates.web.cpu:",
      "quotas.user: unknown; did you mean users?",
    );
  });
  await t.step("one that is not there", async () => {
    await ends([`${file}.no`], `${file}.no`, `CONTAINARIUM_CONFIG ${file}.no: no such file`);
  });
  await t.step("one that may not be read, with the flag that is missing", async () => {
    await using server = await connectProcess(target, {
      env: { CONTAINARIUM_CONFIG: file },
      command: shippedCommand(daemon.url),
      initialize: false,
    });
    await server.whenStderr(`start it with --allow-read=${file}`);
    assertEquals((await server.exited).code, 2);
  });
});

Deno.test("the policy file stays readable when the other permissions are given up", async () => {
  await using daemon = await startDaemon();
  const target = { url: daemon.url, token: await daemon.token() };
  await using folder = await makeTempFolder();
  const file = `${folder.path}/policy.json`;
  await Deno.writeTextFile(file, '{"quotas": {"users": {"*": {"cpu": 1}}}}');
  await using launched = await launch(target, { args: ["--config", file], read: [file] });
  const create = () => launched.server.call("create_container", { username: "alice", cpu: "2" });
  assertStringIncludes((await create()).text, "user alice: cpu 0 of 1, needs 2 more");
  await Deno.writeTextFile(file, '{"quotas": {"users": {"*": {"cpu": 2}}}}');
  assertEquals((await create()).isError, false);
});

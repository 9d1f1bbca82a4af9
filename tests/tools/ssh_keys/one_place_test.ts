import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ed25519Of, makeKey } from "../../client/ssh_keys/make_key.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import { changeKeys, fileOf, linesOf, refusal, startBox, takeFromHost } from "./box.ts";

testWithPty("add_ssh_key says that a daemon is too old for keys on the host", async () => {
  await using daemon = await startDaemon({
    version: "0.3.0",
    containers: [{ username: "alice" }],
    shell: {},
  });
  await using session = await connect(daemon);
  const { outcomes, places } = await changeKeys(session, "add_ssh_key", {
    public_key: await makeKey(),
  });
  assertEquals(outcomes, ["added", "cannot"]);
  assertStringIncludes(places[1]?.why ?? "", "too old");
});

testWithPty("add_ssh_key leaves the file alone where it cannot be edited safely", async () => {
  await using daemon = await startBox({ missing: ["cksum"] });
  await using session = await connect(daemon);
  const { outcomes, places } = await changeKeys(session, "add_ssh_key", {
    public_key: await makeKey(),
  });
  assertEquals(outcomes, ["cannot", "added"]);
  assertStringIncludes(places[0]?.why ?? "", "lacks cksum");
});

testWithPty("add_ssh_key follows no link, and leaves the file alone", async (t) => {
  const line = `${await makeKey()} me`;
  const cases: readonly (readonly [name: string, at: string])[] = [
    ["the file", "/.ssh/authorized_keys"],
    ["the folder", "/.ssh"],
  ];
  for (const [name, at] of cases) {
    await t.step(name, async () => {
      await using daemon = await startBox({ sshKeys: [`${await makeKey()} old`] });
      await using session = await connect(daemon);
      const home = daemon.home("alice");
      await Deno.rename(`${home}${at}`, `${home}/elsewhere`);
      await Deno.symlink(`${home}/elsewhere`, `${home}${at}`);
      const before = await Deno.readTextFile(fileOf(daemon));
      const { outcomes, places } = await changeKeys(session, "add_ssh_key", { public_key: line });
      assertEquals(outcomes, ["cannot", "added"]);
      assertStringIncludes(places[0]?.why ?? "", "symbolic link");
      assertEquals(await Deno.readTextFile(fileOf(daemon)), before);
      assertStringIncludes(await refusal(session, "list_ssh_keys", {}), "symbolic link");
    });
  }
  await t.step("a folder in place of the file", async () => {
    await using daemon = await startBox();
    await using session = await connect(daemon);
    await Deno.mkdir(fileOf(daemon), { recursive: true });
    const { outcomes, places } = await changeKeys(session, "add_ssh_key", { public_key: line });
    assertEquals(outcomes, ["cannot", "added"]);
    assertStringIncludes(places[0]?.why ?? "", "not a regular file");
  });
});

testWithPty("add_ssh_key does what it can where one place cannot be changed", async (t) => {
  await using daemon = await startBox({ sshKeys: [`${await makeKey()} old`] });
  await using session = await connect(daemon);
  const line = `${await makeKey({ hasSlash: false })} me`;
  await t.step("a stopped container", async () => {
    const { outcomes, places } = await changeKeys(session, "add_ssh_key", {
      username: "bob",
      public_key: line,
    });
    assertEquals(outcomes, ["cannot", "added"]);
    assertStringIncludes(places[0]?.why ?? "", "start_container");
    assert(await takeFromHost(daemon, line, "bob"));
  });
  await t.step("no account on the host, which a container without keys has none of", async () => {
    await session.call("create_container", { username: "carol" });
    const { outcomes, places } = await changeKeys(session, "add_ssh_key", {
      username: "carol",
      public_key: line,
    });
    assertEquals(outcomes, ["added", "cannot"]);
    assertStringIncludes(places[1]?.why ?? "", "the host has no account carol");
    assert((await linesOf(daemon, "carol")).includes(line));
  });
  await t.step("a word that the daemon takes for a placeholder in a real key", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    bytes.set(Uint8Array.fromBase64("tOdO"), 2);
    const real = `${ed25519Of(bytes)} me`;
    const { outcomes, places } = await changeKeys(session, "add_ssh_key", { public_key: real });
    assertEquals(outcomes, ["added", "cannot"]);
    assertStringIncludes(places[1]?.why ?? "", 'refuses a key with "tOdO" in it');
  });
  await t.step("a lost answer of the host", async () => {
    daemon.dropNext("POST", "after-read", /ssh-keys/);
    const { outcomes, places } = await changeKeys(session, "add_ssh_key", { public_key: line });
    assertEquals(outcomes, ["added", "unknown"]);
    assertStringIncludes(places[1]?.why ?? "", "may have");
    const again = await changeKeys(session, "add_ssh_key", { public_key: line });
    assertEquals(again.outcomes, ["already there", "already there"]);
  });
  await t.step("neither", async () => {
    await Deno.remove(`${daemon.home("carol")}/.ssh`, { recursive: true });
    await Deno.symlink("/nonexistent", `${daemon.home("carol")}/.ssh`);
    const text = await refusal(session, "add_ssh_key", { username: "carol", public_key: line });
    assertStringIncludes(text, "symbolic link");
    assertStringIncludes(text, "the host has no account carol");
  });
});

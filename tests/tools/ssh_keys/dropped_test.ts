import { assertEquals, assertStringIncludes } from "@std/assert";
import { makeKey } from "../../client/ssh_keys/make_key.ts";
import { connect } from "../../connect.ts";
import type { Daemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import { assertClean } from "../terminal/clean.ts";
import { changeKeys, linesOf, refusal, startBox } from "./box.ts";

/** Makes a program in the container hang, and resolves when it does. */
async function hangs(daemon: Daemon, program: string): Promise<void> {
  const home = daemon.home("alice");
  const path = `${home}/../bin/${program}`;
  await Deno.remove(path);
  await Deno.writeTextFile(path, '#!/bin/sh\n: >"$HOME/hangs"; exec sleep 1000\n', { mode: 0o755 });
  for await (const { paths } of Deno.watchFs(home, { recursive: false })) {
    if (paths.some((path) => path.endsWith("/hangs"))) return;
  }
}

testWithPty(
  "add_ssh_key leaves authorized_keys intact if the connection is lost, and says so",
  async () => {
    const [old, key] = [`${await makeKey()} old`, `${await makeKey()} new`];
    await using daemon = await startBox({ sshKeys: [old], silenceSeconds: 3 });
    await using session = await connect(daemon);
    const hanging = hangs(daemon, "sync");
    const adding = changeKeys(session, "add_ssh_key", { public_key: key });
    await Promise.race([hanging, adding]);
    daemon.dropTerminals("alice");
    const { outcomes, places, text } = await adding;
    assertEquals(outcomes, ["cannot", "added"], text);
    assertStringIncludes(places[0]?.why ?? "", "the response was lost while it was replaced");
    assertStringIncludes(places[0]?.why ?? "", "list_ssh_keys");
    await session.closeStdin();
    await session.exited;
    await assertClean(daemon, "alice");
    assertEquals(await linesOf(daemon), [old]);
    await Deno.remove(`${daemon.home("alice")}/../bin/sync`);
    await using later = await connect(daemon);
    const again = await changeKeys(later, "add_ssh_key", { public_key: key });
    assertEquals(again.outcomes, ["added", "already there"]);
    assertEquals(await linesOf(daemon), [old, key]);
    const names = await Array.fromAsync(Deno.readDir(`${daemon.home("alice")}/.ssh`));
    assertEquals(names.map(({ name }) => name), ["authorized_keys"]);
  },
);

testWithPty(
  "remove_ssh_key changes nothing if the connection is lost while it reads, and says so",
  async () => {
    await using daemon = await startBox({ sshKeys: [`${await makeKey()} old`] });
    await using session = await connect(daemon);
    const hanging = hangs(daemon, "cat");
    const reading = refusal(session, "list_ssh_keys", {});
    await Promise.race([hanging, reading]);
    daemon.dropTerminals("alice");
    const text = await reading;
    assertStringIncludes(text, "the response was lost while it was read, so nothing was changed");
  },
);

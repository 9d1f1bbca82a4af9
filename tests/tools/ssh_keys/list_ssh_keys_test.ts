import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fingerprintOf } from "../../../client/ssh_keys/key_blob.ts";
import { readKeyLine } from "../../../client/ssh_keys/key_line.ts";
import { listSshKeys } from "../../../tools/ssh_keys/list_ssh_keys.ts";
import { ed25519Of, makeKey } from "../../client/ssh_keys/make_key.ts";
import { connect } from "../../connect.ts";
import { testWithPty } from "../../with_pty.ts";
import { changeKeys, linesOf, refusal, startBox, writeKeys } from "./box.ts";

const fingerprint = (line: string) => fingerprintOf(readKeyLine(line)?.blob ?? new Uint8Array());

testWithPty("list_ssh_keys shows type, fingerprint, comment, place and options", async () => {
  const plain = `${await makeKey()} alice@laptop`;
  const rsa = await makeKey({ type: "ssh-rsa" });
  const weak = `${await makeKey({ type: "ssh-rsa", bits: 1_024 })} old`;
  const bound = `command="echo '${plain}'",from="10.0.0.0/8" ${await makeKey()} \u202e\x1b[2J bad`;
  await using daemon = await startBox();
  await using session = await connect(daemon);
  const text = ["# mine", plain, rsa, "", weak, "nonsense", bound].join("\n");
  await writeKeys(daemon, text);
  const answer = await session.call("list_ssh_keys", { username: "alice" });
  assertEquals(answer.isError, false, answer.text);
  const { keys, omitted, unreadable, host } = listSshKeys.output.parse(answer.structuredContent);
  assertEquals(keys, [
    { type: "ssh-ed25519", fingerprint: await fingerprint(plain), comment: "alice@laptop" },
    { type: "ssh-rsa", fingerprint: await fingerprint(rsa), comment: "" },
    { type: "ssh-rsa", fingerprint: await fingerprint(weak), comment: "old" },
    {
      type: "ssh-ed25519",
      fingerprint: await fingerprint(bound),
      comment: "\\u{202e}\\u{1b}[2J bad",
      options: `command="echo '${plain}'",from="10.0.0.0/8"`,
    },
  ]);
  assertEquals([unreadable, omitted], [1, undefined]);
  assertStringIncludes(host, "cannot list");
  assertStringIncludes(answer.text, `${await fingerprint(rsa)}`);
  assertStringIncludes(answer.text, "Lines that hold no key: 1\nhost: not listed");
});

testWithPty("list_ssh_keys shows an empty file and a missing one alike", async () => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  await writeKeys(daemon, "");
  const empty = await session.call("list_ssh_keys", { username: "alice" });
  assertStringIncludes(empty.text, "No keys in the container");
  for (const path of ["/.ssh/authorized_keys", "/.ssh"]) {
    await Deno.remove(`${daemon.home("alice")}${path}`, { recursive: true });
    assertEquals(await session.call("list_ssh_keys", { username: "alice" }), empty);
  }
});

testWithPty("list_ssh_keys limits what it shows of a huge file", async () => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  const [last, ...first] = Array.from(
    { length: 251 },
    (_, n) => `${ed25519Of(crypto.getRandomValues(new Uint8Array(32)))} ${n}`,
  );
  const long = `${await makeKey()} ${"x".repeat(100_000)}`;
  await writeKeys(daemon, [long, ...first, last, ""].join("\n"));
  const answer = await session.call("list_ssh_keys", { username: "alice" });
  const { keys, omitted } = listSshKeys.output.parse(answer.structuredContent);
  assertEquals([keys.length, omitted], [200, 52]);
  const shown = keys[0]?.comment ?? "";
  assertEquals(shown, `${"x".repeat(300)}…`);
  assertStringIncludes(answer.text, "and 52 more keys");
  // The comment as shown is accepted.
  const { outcomes } = await changeKeys(session, "remove_ssh_key", { key: shown });
  assertEquals(outcomes[0], "removed");
  assertEquals((await linesOf(daemon)).length, 251);
});

testWithPty("list_ssh_keys explains each refusal", async (t) => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  await t.step("a stopped container", async () => {
    assertStringIncludes(
      await refusal(session, "list_ssh_keys", { username: "bob" }),
      "is stopped",
    );
  });
  await t.step("a container that is not there", async () => {
    const text = await refusal(session, "list_ssh_keys", { username: "alicia" });
    assertStringIncludes(text, "Did you mean alice?");
  });
  await t.step("a file that is too large", async () => {
    await writeKeys(daemon, "#".repeat(1_100_000));
    assertStringIncludes(await refusal(session, "list_ssh_keys", {}), "is larger than");
  });
  await t.step("another tenant", async () => {
    const token = await daemon.token({ username: "carol", roles: ["user"] });
    await using carols = await connect({ url: daemon.url, token });
    for (const name of ["list_ssh_keys", "remove_ssh_key", "add_ssh_key"]) {
      const key = `${await makeKey()} me`;
      const args = name === "list_ssh_keys"
        ? {}
        : name === "add_ssh_key"
        ? { public_key: key }
        : { key };
      const text = await refusal(carols, name, args);
      assert(/belongs to another user/.test(text), text);
    }
  });
});

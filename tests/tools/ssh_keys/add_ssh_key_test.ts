import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readKeyLine } from "../../../client/ssh_keys/key_line.ts";
import { fingerprintOf } from "../../../client/ssh_keys/key_blob.ts";
import { makeKey } from "../../client/ssh_keys/make_key.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { testWithPty } from "../../with_pty.ts";
import {
  changeKeys,
  fileOf,
  hostCount,
  linesOf,
  refusal,
  startBox,
  takeFromHost,
  writeKeys,
} from "./box.ts";

const mode = async (path: string) => ((await Deno.lstat(path)).mode ?? 0) & 0o777;

testWithPty(
  "add_ssh_key adds to the container and the host, and says the second time that it is there",
  async () => {
    await using daemon = await startBox();
    await using session = await connect(daemon);
    const line = `${await makeKey({ hasSlash: false })} alice@laptop`;
    const first = await changeKeys(session, "add_ssh_key", { public_key: ` ${line}\n` });
    assertEquals(first.outcomes, ["added", "added"], first.text);
    assertEquals(first.key, {
      type: "ssh-ed25519",
      fingerprint: await fingerprintOf(readKeyLine(line)?.blob ?? new Uint8Array()),
      comment: "alice@laptop",
    });
    assertEquals(first.places.map(({ keys }) => keys), [1, 1]);
    assertEquals(first.text.split("\n")[0], "Added in the container, added on the host.");
    assertEquals(first.text.split("\n").slice(2), [
      "container: added (1 there now)",
      "host: added (1 there now)",
    ]);
    const second = await changeKeys(session, "add_ssh_key", { public_key: line });
    assertEquals(second.outcomes, ["already there", "already there"]);
    // The container compares the key, the host the whole line.
    const renamed = line.replace("laptop", "desk");
    const third = await changeKeys(session, "add_ssh_key", { public_key: renamed });
    assertEquals(third.outcomes, ["already there", "added"]);
    assertEquals(await linesOf(daemon), [line]);
    assert(await takeFromHost(daemon, line) && await takeFromHost(daemon, renamed));
    assertEquals(await hostCount(daemon), 0);
    assertEquals([await mode(fileOf(daemon)), await mode(`${daemon.home("alice")}/.ssh`)], [
      0o600,
      0o700,
    ]);
  },
);

testWithPty("add_ssh_key accepts each type of key", async (t) => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  for (const type of ["ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"] as const) {
    await t.step(type, async () => {
      const line = `${await makeKey({ type })} me`;
      const { outcomes, text } = await changeKeys(session, "add_ssh_key", { public_key: line });
      assertEquals(outcomes, ["added", "added"], text);
      assert((await linesOf(daemon)).includes(line));
    });
  }
});

testWithPty("add_ssh_key keeps everything else in the file as it was", async (t) => {
  const line = `${await makeKey()} new`;
  const old = `${await makeKey()} old`;
  const cases: readonly (readonly [name: string, before: string, between: string])[] = [
    ["a file without a final newline", old, "\n"],
    ["remarks and what is no key", `# mine\n\n${old}\nnonsense \x01é\n`, ""],
    ["Windows' line ends", `${old}\r\n`, ""],
    [
      "a key in a quoted command is no key",
      `command="echo '${line}' \\" x",no-pty ${old}\n`,
      "",
    ],
    ["an empty file", "", ""],
  ];
  for (const [name, before, between] of cases) {
    await t.step(name, async () => {
      await using daemon = await startBox({ sshKeys: [old] });
      await using session = await connect(daemon);
      await writeKeys(daemon, before);
      const { outcomes } = await changeKeys(session, "add_ssh_key", { public_key: line });
      assertEquals(outcomes, ["added", "added"]);
      const after = await Deno.readTextFile(fileOf(daemon));
      assertEquals(after, `${before}${between}${line}\n`);
    });
  }
});

testWithPty("add_ssh_key keeps mode and owner, and leaves nothing beside the file", async () => {
  await using daemon = await startBox({ sshKeys: [`${await makeKey()} old`] });
  await using session = await connect(daemon);
  await Deno.chmod(fileOf(daemon), 0o640);
  const before = await Deno.lstat(fileOf(daemon));
  await changeKeys(session, "add_ssh_key", { public_key: await makeKey() });
  const after = await Deno.lstat(fileOf(daemon));
  assertEquals([await mode(fileOf(daemon)), after.uid], [0o640, before.uid]);
  const names = [];
  for await (const { name } of Deno.readDir(`${daemon.home("alice")}/.ssh`)) names.push(name);
  assertEquals(names, ["authorized_keys"]);
});

for (const missing of [[], ["flock"]]) {
  const how = missing.length === 0 ? "" : `, even without ${missing.join()}`;
  testWithPty(`add_ssh_key loses none of six that are added at once${how}`, async () => {
    await using daemon = await startBox({ missing });
    await using session = await connect(daemon);
    const lines = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => `${await makeKey()} key-${n}`),
    );
    const answers = await Promise.all(
      lines.map((line) => changeKeys(session, "add_ssh_key", { public_key: line })),
    );
    for (const { outcomes, text } of answers) assertEquals(outcomes, ["added", "added"], text);
    assertEquals([...await linesOf(daemon)].sort(), [...lines].sort());
    assertEquals(await hostCount(daemon), 6);
  });
}

for (const missing of [["bash"], ["flock", "find"]]) {
  testWithPty(`add_ssh_key needs no ${missing.join(" and no ")}`, async () => {
    const old = `${await makeKey()} old`;
    await using daemon = await startBox({ missing, sshKeys: [old] });
    await using session = await connect(daemon);
    const line = `${await makeKey()} new`;
    const { outcomes, text } = await changeKeys(session, "add_ssh_key", { public_key: line });
    assertEquals(outcomes, ["added", "added"], text);
    assertEquals(await linesOf(daemon), [old, line]);
  });
}

testWithPty("add_ssh_key accepts options only if they are allowed", async () => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  const key = await makeKey();
  const line = `from="10.0.0.0/8",command="echo \\"a b\\"" ${key} me`;
  const text = await refusal(session, "add_ssh_key", { public_key: line });
  assertStringIncludes(text, "options of authorized_keys (from, command)");
  assertEquals([await hostCount(daemon), daemon.count("GET", /\/terminal/)], [0, 0]);
  const answer = await changeKeys(session, "add_ssh_key", {
    public_key: line,
    allow_options: true,
  });
  assertEquals(answer.places[0]?.outcome, "added");
  assertEquals(answer.key?.options, `from="10.0.0.0/8",command="echo \\"a b\\""`);
  assertEquals(await linesOf(daemon), [line]);
  const bare = await changeKeys(session, "add_ssh_key", { public_key: `${key} me` });
  assertEquals(bare.places[0]?.outcome, "already there");
  assertStringIncludes(bare.places[0]?.why ?? "", "with other options");
});

Deno.test("add_ssh_key refuses an invalid key before it sends anything", async (t) => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  await using session = await connect(daemon);
  const cases: readonly (readonly [name: string, key: string, words: string])[] = [
    ["nonsense", "nonsense", "one line of a .pub file"],
    ["two lines", `${await makeKey()}\n${await makeKey()}`, "one line of a .pub file"],
    ["a weak one", await makeKey({ type: "ssh-rsa", bits: 1_024 }), "1024 bits is too weak"],
    ["a placeholder", `${await makeKey()} your_key`, '"your_key"'],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0", "private key"],
  ];
  for (const [name, key, words] of cases) {
    await t.step(name, async () => {
      const text = await refusal(session, "add_ssh_key", { public_key: key });
      assertStringIncludes(text, words);
      assert(!text.includes("c2VjcmV0"), text);
    });
  }
  assertEquals(daemon.requests.length, 0);
});

Deno.test("add_ssh_key and remove_ssh_key say what the token lacks", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const token = await daemon.token({ scopes: ["containers:read", "containers:write"] });
  await using session = await connect({ url: daemon.url, token });
  for (const name of ["add_ssh_key", "remove_ssh_key"]) {
    assertStringIncludes(await refusal(session, name, {}), "the scope ssh:write");
  }
  assertStringIncludes(
    await refusal(session, "list_ssh_keys", { username: "alicia" }),
    "Did you mean alice?",
  );
});

testWithPty("add_ssh_key adds only in the requested places", async (t) => {
  await using daemon = await startBox();
  await using session = await connect(daemon);
  const line = `${await makeKey({ hasSlash: true })} me`;
  await t.step("in the container", async () => {
    const args = { "public_key": line, places: ["container"] };
    const { outcomes, text } = await changeKeys(session, "add_ssh_key", args);
    assertEquals([outcomes, await hostCount(daemon)], [["added"], 0]);
    assertEquals(text.split("\n")[0], "Added in the container.");
  });
  await t.step("on the host, from which it cannot be removed again by the API", async () => {
    const other = `${await makeKey({ hasSlash: true })} other`;
    const args = { "public_key": other, places: ["host"] };
    const { outcomes, places } = await changeKeys(session, "add_ssh_key", args);
    assertEquals([outcomes, await linesOf(daemon)], [["added"], [line]]);
    assertStringIncludes(places[0]?.why ?? "", "only an operator can remove it there");
  });
  await t.step("and fails where that cannot be changed", async () => {
    await session.call("create_container", { username: "carol" });
    const args = { username: "carol", "public_key": line, places: ["host"] };
    assertStringIncludes(
      await refusal(session, "add_ssh_key", args),
      "the host has no account carol",
    );
  });
  await t.step("a line without a slash can be removed, and nothing is said", async () => {
    const plain = `${await makeKey({ hasSlash: false })} plain`;
    const { places } = await changeKeys(session, "add_ssh_key", { public_key: plain });
    assertEquals(places[1]?.why, undefined);
  });
});

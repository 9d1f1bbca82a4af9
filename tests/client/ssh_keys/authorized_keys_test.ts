import { assert, assertEquals, assertRejects } from "@std/assert";
import { AuthorizedKeys } from "../../../client/ssh_keys/authorized_keys.ts";
import { fingerprintOf } from "../../../client/ssh_keys/key_blob.ts";
import { findKey, readChoice } from "../../../client/ssh_keys/key_choice.ts";
import { identityOf, readKeyLine, splitKeyLine } from "../../../client/ssh_keys/key_line.ts";
import { ContainariumError } from "../../../client/mod.ts";
import { ed25519Of } from "./make_key.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const pick = <T>(from: readonly T[]): T => {
  const found = from[Math.floor(Math.random() * from.length)];
  if (found === undefined) throw new Error("Nothing to pick from");
  return found;
};
const bytesOf = (text: string) => new TextEncoder().encode(text);
const fileOf = (text: string) => new AuthorizedKeys(bytesOf(text));

const decoy = ed25519Of(random(32));
const optionParts = [
  "no-pty",
  "restrict",
  'from="10.0.0.0/8,*.example.com"',
  'command="echo  two  spaces"',
  'command="say \\"hi\\" to # them"',
  `command="echo ${decoy} decoy"`,
  `environment="KEY=\\"${decoy}\\""`,
];
const comments = ["", "alice@laptop", "two words", 'with " quote', "# hash", "é €", decoy, "a=b,c"];

Deno.test("AuthorizedKeys finds a key after options and before a comment", () => {
  for (let round = 0; round < 2_000; round++) {
    const key = ed25519Of(random(32));
    const options = Array.from({ length: round % 4 }, () => pick(optionParts)).join(",");
    const comment = pick(comments);
    const space = () => pick([" ", "\t", "  ", " \t "]);
    const [type = "", base64 = ""] = key.split(" ");
    const line = [
      pick(["", " ", "\t"]),
      options === "" ? "" : options + space(),
      type + space() + base64,
      comment === "" ? "" : space() + comment,
      pick(["", " ", "\r"]),
    ].join("");
    const parts = splitKeyLine(line);
    assertEquals(parts, { options, type, base64, comment }, line);
    const read = readKeyLine(line);
    assert(read !== undefined);
    assertEquals([identityOf(read), read.text], [key, line.trim()]);
  }
});

Deno.test("AuthorizedKeys finds only keys that sshd accepts", () => {
  const key = ed25519Of(random(32));
  const [type = "", base64 = ""] = key.split(" ");
  const lines = [
    "",
    "   ",
    `# ${key}`,
    `  # ${key}`,
    `command="${key} me`,
    `command="a" no-pty ${key}`,
    `\ufeff${key}`,
    `${type}  `,
    `${type} ${base64.slice(1)}`,
    `${type} ${base64}=`,
    `ssh-rsa ${base64}`,
    `"${key}"`,
    base64,
    `x${key}`,
  ];
  for (const line of lines) assertEquals(readKeyLine(line), undefined, line);
  assertEquals(fileOf(lines.join("\n")).keys, []);
  // Empty lines and remarks are none of those that are passed over for being unreadable.
  assertEquals(fileOf(lines.join("\n")).unreadable, lines.length - 4);
});

Deno.test("AuthorizedKeys keeps every other byte in an edit", () => {
  for (let round = 0; round < 300; round++) {
    const chosen = ed25519Of(random(32));
    const others = ["# remark", "", "nonsense \x01", `${ed25519Of(random(32))} me`, decoy];
    const kept = Array.from({ length: round % 7 }, () => pick(others));
    // Not text at all: that must come through, too.
    const junk = new Uint8Array([...random(20)].filter((byte) => byte !== 10 && byte !== 35));
    const before = new Uint8Array([
      ...bytesOf(kept.map((line) => `${line}\n`).join("")),
      ...bytesOf("#"),
      ...junk,
      ...(round % 2 === 0 ? [10] : []),
    ]);
    const file = new AuthorizedKeys(before);
    const identity = identityOf(readKeyLine(chosen) ?? { type: "", base64: "" });
    const added = file.with(`${chosen} new`);
    const isOpen = before.at(-1) !== 10;
    assertEquals(added.bytes, bytesAfter(before, `${isOpen ? "\n" : ""}${chosen} new\n`));
    assertEquals(added.keys.length, file.keys.length + 1);
    const twice = added.with(`no-pty ${chosen} again`);
    assertEquals(twice.linesOf(identity).length, 2);
    assertEquals(twice.without(identity).bytes, isOpen ? bytesAfter(before, "\n") : before);
  }
});

Deno.test("AuthorizedKeys writes the first key of an empty file as its first line", () => {
  const key = ed25519Of(random(32));
  assertEquals(new TextDecoder().decode(fileOf("").with(key).bytes), `${key}\n`);
  assertEquals(fileOf(`${key}\n`).without(key).bytes.length, 0);
});

Deno.test("findKey() chooses by line, fingerprint or comment, and never among several", async (t) => {
  const [one, two, three] = [ed25519Of(random(32)), ed25519Of(random(32)), ed25519Of(random(32))];
  const file = fileOf(`${one} me\nno-pty ${one} me too\n${two} twin\n${three} twin\n${two} \x1b\n`);
  const found = async (text: string) =>
    (await findKey(file, readChoice(text))).map(({ text }) => text);
  const ofOne = [`${one} me`, `no-pty ${one} me too`];
  await t.step("by its line, whatever its options and comment", async () => {
    assertEquals(await found(`${one} other`), ofOne);
    assertEquals(await found(` from="*" ${one}\n`), ofOne);
  });
  await t.step("by its fingerprint, padded or not", async () => {
    const fingerprint = await fingerprintOf(readKeyLine(one)?.blob ?? new Uint8Array());
    assertEquals(await found(fingerprint), ofOne);
    assertEquals(await found(`${fingerprint}=`), ofOne);
    assertEquals(await found(`SHA256:${"A".repeat(43)}`), []);
  });
  await t.step("by its comment", async () => {
    assertEquals(await found("me too"), ofOne);
    assertEquals(await found("me toO"), []);
  });
  await t.step("not by a comment of two keys", async () => {
    const error = await assertRejects(() => found("twin"), ContainariumError, "2 keys");
    for (const key of [two, three]) {
      const fingerprint = await fingerprintOf(readKeyLine(key)?.blob ?? new Uint8Array());
      assert(error.message.includes(fingerprint), error.message);
    }
  });
  const refused: readonly (readonly [string, string])[] = [
    ["  ", "specify the key"],
    ["SHA256:short", "43 characters"],
    [`MD5:${"0a:".repeat(15)}0a`, "MD5"],
    [`${one}\n${two}`, "several lines"],
    [`ssh-ed25519 ${"A".repeat(8)}`, "damaged"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0", "private key"],
  ];
  for (const [text, words] of refused) {
    await t.step(`not by ${text.slice(0, 20)}…`, async () => {
      const error = await assertRejects(() => found(text), ContainariumError, words);
      assert(!error.message.includes("c2VjcmV0"));
    });
  }
});

function bytesAfter(before: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...before, ...bytesOf(text)]);
}

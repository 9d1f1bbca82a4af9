import { assert, assertEquals } from "@std/assert";
import { cpu, disk, labels, memory, sshPublicKey, ttl, ttlOrNever } from "../../tools/fields.ts";
import { makeKey } from "../client/ssh_keys/make_key.ts";

const fits = (schema: typeof cpu, text: string) => schema.safeParse(text).success;

Deno.test("cpu accepts cores, millicores and sets, as the daemon does", () => {
  for (const text of ["4", "0.5", "1.50", "250m", "0-3", "0,2-4", "0,1"]) {
    assert(fits(cpu, text), text);
  }
  for (const text of ["0", "0.0", "0m", "-1", "abc", "", "1.", "4 ", "1-", "4cores"]) {
    assert(!fits(cpu, text), text);
  }
});

Deno.test("memory and disk accept Incus's sizes with a unit, memory also a share of the host", () => {
  for (const text of ["512MB", "4GB", "4GiB", "1073741824B", "100kB"]) {
    assert(fits(memory, text) && fits(disk, text), text);
  }
  for (
    const text of [
      "lots",
      "0",
      "4",
      "1073741824",
      "0GB",
      "4G",
      "4gb",
      "4 GB",
      "1.5GB",
      "-1GB",
      "",
      "4KB",
    ]
  ) {
    assert(!fits(memory, text) && !fits(disk, text), text);
  }
  for (const text of ["50%", "100%", "1%"]) assert(fits(memory, text) && !fits(disk, text), text);
  for (const text of ["0%", "101%", "%"]) assert(!fits(memory, text), text);
});

Deno.test("an SSH key is one line of a .pub file", async (t) => {
  const base64 = "AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP";
  const problem = (key: string) => sshPublicKey.safeParse(key).error?.issues[0]?.message;
  for (
    const key of [
      `ssh-ed25519 ${base64} alice@laptop`,
      ` ${await makeKey({ type: "ssh-rsa" })}\n`,
      await makeKey({ type: "ecdsa-sha2-nistp256" }),
    ]
  ) {
    await t.step(`${key.slice(0, 20)}… is fine`, () => assertEquals(problem(key), undefined));
  }
  const cases: readonly (readonly [string, RegExp])[] = [
    ["nonsense", /one line of a \.pub file/],
    [`ssh-rsa ${base64}`, /says ssh-rsa, but its base64 holds a key of type ssh-ed25519/],
    [`no-pty ssh-ed25519 ${base64}`, /options of authorized_keys/],
    [`ssh-ed25519 ${base64} a\nssh-ed25519 ${base64} b`, /one line/],
    [`ssh-ed25519 ${base64} your_key`, /"your_key"/],
    [`ssh-ed25519 AAAAtOdO${base64} me`, /"tOdO"/],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0", /private key/],
  ];
  for (const [key, words] of cases) {
    await t.step(`${key.slice(0, 30)}… is refused`, () => {
      assert(words.test(problem(key) ?? ""), problem(key));
    });
  }
  await t.step("a private key does not come back in the error", () => {
    const { error } = sshPublicKey.safeParse("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0");
    assert(!JSON.stringify(error?.issues).includes("c2VjcmV0"));
  });
});

Deno.test("ttl accepts at most 7 days, and ttlOrNever also never", () => {
  for (const text of ["8h", "90m", "7d", "1h30m", "604800s"]) {
    assert(ttl.safeParse(text).success && ttlOrNever.safeParse(text).success, text);
  }
  for (const text of ["8", "8 hours", "8d", "0h", "-1h", ""]) {
    assert(!ttl.safeParse(text).success && !ttlOrNever.safeParse(text).success, text);
  }
  assert(ttlOrNever.safeParse("never").success && !ttl.safeParse("never").success);
});

Deno.test("labels refuses what the daemon would overwrite, refuse or never remove", () => {
  assert(labels.safeParse({ team: "dev", "a b": "x=y", empty: "" }).success);
  const bad: readonly Readonly<Record<string, string>>[] = [
    { "os-type": "x" },
    { "a/b": "x" },
    { "": "x" },
    { ["k".repeat(257)]: "x" },
    { k: "x".repeat(257) },
    Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, "x"])),
  ];
  for (const record of bad) {
    assert(!labels.safeParse(record).success, JSON.stringify(record).slice(0, 80));
  }
});

import { assert, assertEquals } from "@std/assert";
import { needing } from "../../needs.ts";
import { fingerprintOf } from "../../../client/ssh_keys/key_blob.ts";
import { readKeyLine } from "../../../client/ssh_keys/key_line.ts";
import { daemonKeyProblem, publicKeyProblem } from "../../../client/ssh_keys/public_key.ts";
import { blob, ed25519Of, type MadeType, makeKey } from "./make_key.ts";
import { makeTempFolder } from "../../temp.ts";

const types: readonly MadeType[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ssh-rsa",
];

// Made by ssh-keygen of OpenSSH 9.2, fingerprints as its -l printed them.
const vectors: readonly (readonly [line: string, fingerprint: string])[] = [
  [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPJCMzGYl/4bPqvhwSldQ0hm5yVQWTA0c7SCI68pHNgc made@openssh",
    "SHA256:Dmnr7GsWG/JNMOPeIPC6DFche/WBX/OCXFC8VKYiBa0",
  ],
  [
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDOQcEaujQlsD8D7qEEV6gZ4zO1qb4uT6BvoSyhVXza5SIwWoX1Nf/OwPgQyErwED+V6+JMYMiwDjPsJVAgKhUY= made@openssh",
    "SHA256:SYuwXf4PCPs8CT7tp/xCZ7HkbSJFZrPbEg3xkvl2rL8",
  ],
  [
    "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBF/lGtfAKpKesWymYlZ6ikueh2XDIciZETLxd3HOZy0QHQpN0P/QFC/exTkS1bkxz+PYXhegCT1Bl9x9CQl+HvyBTRHk7GDeORP5U701FXT9W9p4J81wHJ3Xh976U/nbKA== made@openssh",
    "SHA256:7Ig/zpQjX2QBcJF1o50GX60ccY3u1URJ19pzitKRySw",
  ],
  [
    "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAC+j8Injf/+mGEF+jGJ7ioHLa/+bm2LhfVi94D1sZYswRTYSEFuVtJw9u9gUrVGXUW4McyXTi3lF2MqX1BHa3pZyACbsEjjW4XyuWh8pdcApjBAWXikjoEu6rm8/H3vreJ1AZYCSZzbwKxliolOGUoM1wTSYYCqQT7pNxssN+Epo2ulwA== made@openssh",
    "SHA256:27Q2mIrNzf/RKGx1uc+C6a0OB34LneJHcpwxjFDpbu8",
  ],
  [
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDNKvqlybFXyggAoszTpcX7PZA3279C+Kqgp+JrJAssNOo4LdrqQZEBi9aPVgVTJDa6diVoa/XkctdO0uY3MZ6YdpTQhlxmRj/vEfQHl98Y10tR3URwaNnzHgPjSc/Cd4DUwgyWezl08BBq0a4DB4JqoBYqo0LBi0ERqO0SwSBKa5C7uC2vbeh6k93pCC36b0+I8/SfJBcgVsMzXPePwsuoKMHR/rAPSNmzcJQ6Hw9bvLqK8LMHqMzhQvmWIY4gBRsqcgq6xr/O/UaRM8Bz5A0EVqbJ/gGBPM7ns5tWNctUHchPX3tT5phkQGWzzVtAMR3zQvQkMiX7XM4u0P7ia+gl made@openssh",
    "SHA256:b9Gl9Y+nU/GjXVtloT3cyFOOdObq4BpSrFu4L7gP/n0",
  ],
];

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

Deno.test("publicKeyProblem() accepts every type of key that OpenSSH makes", async (t) => {
  for (const [line, fingerprint] of vectors) {
    await t.step(line.slice(0, 40), async () => {
      assertEquals(publicKeyProblem(line), undefined);
      const key = readKeyLine(line);
      assert(key !== undefined);
      assertEquals(await fingerprintOf(key.blob), fingerprint);
    });
  }
  for (const type of types) {
    await t.step(`${type}, made here`, async () => {
      assertEquals(publicKeyProblem(`${await makeKey({ type })} alice@laptop`), undefined);
    });
  }
});

Deno.test("fingerprintOf() returns what ssh-keygen prints", async (t) => {
  for (const type of types) {
    await t.step({
      ...needing(["ssh-keygen"], type),
      fn: async () => {
        const line = `${await makeKey({ type })} a comment`;
        const key = readKeyLine(line);
        assert(key !== undefined);
        assertEquals(await fingerprintOf(key.blob), (await sshKeygen(line)).split(" ")[1]);
      },
    });
  }
});

Deno.test("publicKeyProblem() accepts any 32 bytes as an ed25519 key, and no other length", () => {
  for (let round = 0; round < 200; round++) {
    assertEquals(publicKeyProblem(`${ed25519Of(random(32))} a@b`), undefined);
    const length = [0, 1, 31, 33, 64][round % 5] ?? 0;
    assert(publicKeyProblem(ed25519Of(random(length))) !== undefined, `${length} bytes`);
  }
});

Deno.test("publicKeyProblem() rejects a key that lacks any character", async () => {
  for (const type of types) {
    const [, base64 = ""] = (await makeKey({ type })).split(" ");
    for (let round = 0; round < 100; round++) {
      const at = Math.floor(Math.random() * base64.length);
      const cut = `${type} ${base64.slice(0, at)}`;
      const lost = `${type} ${base64.slice(0, at)}${base64.slice(at + 1)}`;
      assert(publicKeyProblem(cut) !== undefined, cut);
      assert(publicKeyProblem(lost) !== undefined, lost);
      assert(publicKeyProblem(`${type} ${base64.replace(/=*$/, "")}AAAA`) !== undefined);
    }
  }
});

Deno.test("publicKeyProblem() explains what is not a public key", async (t) => {
  const ed25519 = await makeKey();
  const [, base64 = ""] = ed25519.split(" ");
  const line = (type: string, ...fields: readonly (string | Uint8Array)[]) =>
    `${type} ${blob(type, ...fields).toBase64()} me`;
  const modulus = (bytes: number) => new Uint8Array([0, 0x80, ...random(bytes - 2), 1]);
  const three = new Uint8Array([3]);
  const point = (length: number) => new Uint8Array([4, ...random(length - 1)]);
  const cases: readonly (readonly [name: string, line: string, words: RegExp])[] = [
    ["nonsense", "nonsense", /one line of a \.pub file/],
    ["nothing", "", /one line of a \.pub file/],
    ["a remark", `# ${ed25519}`, /one line/],
    ["two lines", `${ed25519} a\n${ed25519} b`, /one line/],
    ["a carriage return", `${ed25519} a\rb`, /one line/],
    ["NUL", `${ed25519} a\0b`, /one line/],
    ["an escape sequence", `${ed25519} \x1b[2J`, /one line/],
    ["half a character", `${ed25519} \ud800`, /one line/],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0", /private key/],
    ["PuTTY's private key", "PuTTY-User-Key-File-3: ssh-ed25519\nc2VjcmV0", /private key/],
    ["too long", `${ed25519} ${"a".repeat(8_192)}`, /8192 bytes/],
    ["no padding", `ssh-ed25519 ${base64}A`, /damaged/],
    ["another type inside", `ssh-rsa ${base64}`, /says ssh-rsa, .* type ssh-ed25519/],
    ["something else inside", `ssh-rsa ${btoa("hello world!")}`, /damaged/],
    ["an RSA key of 1,024 bits", line("ssh-rsa", three, modulus(128)), /1024 bits is too weak/],
    ["one bit too few", line("ssh-rsa", three, new Uint8Array([0x7f, ...random(254), 1])), /2047/],
    [
      "an even RSA number",
      line("ssh-rsa", three, new Uint8Array([0x7f, ...random(259), 2])),
      /numb/,
    ],
    ["RSA without an exponent", line("ssh-rsa", new Uint8Array([1]), modulus(256)), /numbers/],
    ["a negative RSA number", line("ssh-rsa", three, modulus(256).subarray(1)), /numbers/],
    ["a huge RSA number", line("ssh-rsa", three, modulus(2_050)), /numbers/],
    ["a point too short", line("ecdsa-sha2-nistp256", "nistp256", point(64)), /not that of/],
    ["another curve", line("ecdsa-sha2-nistp256", "nistp384", point(97)), /not that of/],
    [
      "a compressed point",
      line("ecdsa-sha2-nistp256", "nistp256", new Uint8Array([2, ...random(64)])),
      /not that of/,
    ],
    [
      "an sk key without its application",
      line("sk-ssh-ed25519@openssh.com", random(32)),
      /not that/,
    ],
    ["DSA", line("ssh-dss", three, three, three, three), /DSA/],
    ["an unknown type", line("ssh-moon", random(32)), /not a key type/],
    [
      "a certificate",
      line("ssh-ed25519-cert-v01@openssh.com", random(32), random(32)),
      /certificate/,
    ],
    [
      "options",
      `from="10.0.0.0/8",no-pty ${ed25519}`,
      /options of authorized_keys \(from, no-pty\)/,
    ],
  ];
  for (const [name, text, words] of cases) {
    await t.step(name, () => {
      const problem = publicKeyProblem(text) ?? "taken";
      assert(words.test(problem), problem);
      assert(!problem.includes("c2VjcmV0"), "it tells the secret");
    });
  }
});

Deno.test("publicKeyProblem() accepts keys of security tokens and of the largest curve", async (t) => {
  const cases: readonly (readonly [type: string, fields: readonly (string | Uint8Array)[]])[] = [
    ["ecdsa-sha2-nistp521", ["nistp521", new Uint8Array([4, ...random(132)])]],
    ["sk-ssh-ed25519@openssh.com", [random(32), "ssh:"]],
    ["sk-ecdsa-sha2-nistp256@openssh.com", [
      "nistp256",
      new Uint8Array([4, ...random(64)]),
      "ssh:",
    ]],
    ["ssh-rsa", [new Uint8Array([3]), new Uint8Array([0, 0x80, ...random(254), 1])]],
  ];
  for (const [type, fields] of cases) {
    await t.step(type, () => {
      assertEquals(publicKeyProblem(`${type} ${blob(type, ...fields).toBase64()} me`), undefined);
    });
  }
});

Deno.test("publicKeyProblem() accepts options that sshd knows, where allowed", async () => {
  const key = await makeKey();
  const rules = { allowOptions: true };
  for (
    const options of [
      "restrict",
      'from="10.0.0.0/8,!10.0.0.1",no-agent-forwarding',
      'command="echo \\"a b\\", c",no-pty',
      'no-X11-forwarding,permitopen="localhost:80"',
    ]
  ) {
    assertEquals(publicKeyProblem(`${options} ${key} me`, rules), undefined, options);
  }
  const cases: readonly (readonly [string, RegExp])[] = [
    ['nonsense="1"', /"nonsense" is not an option/],
    ["restrict,,no-pty", /"" is not an option/],
    ['command="never closed', /one line of a \.pub file/],
    ["no pty", /one line of a \.pub file/],
  ];
  for (const [options, words] of cases) {
    const problem = publicKeyProblem(`${options} ${key} me`, rules) ?? "taken";
    assert(words.test(problem), `${options}: ${problem}`);
  }
});

Deno.test("placeholderProblem() finds what the daemon takes for a placeholder", async () => {
  const words = ["your_key", "YOUR-KEY", "yourkey", "placeholder", "Replace_Me", "replace-me"];
  const key = await makeKey();
  assertEquals(daemonKeyProblem(`${key} me`), undefined);
  for (const word of [...words, "todo", "a...b"]) {
    const problem = daemonKeyProblem(`${key} ${word}`) ?? "taken";
    assert(problem.includes(word === "a...b" ? '"..."' : `"${word}"`), problem);
  }
  const bytes = random(32);
  // Two bytes share their four characters with what stands before.
  bytes.set(Uint8Array.fromBase64("tOdO"), 2);
  const real = ed25519Of(bytes);
  assert(/todo/i.test(real), real);
  assertEquals(publicKeyProblem(`${real} me`), undefined);
  const problem = daemonKeyProblem(`${real} me`) ?? "taken";
  assert(/"tOdO".*base64/.test(problem), problem);
});

/** What `ssh-keygen -l` prints of a line. */
async function sshKeygen(line: string): Promise<string> {
  await using folder = await makeTempFolder();
  const file = await folder.write("key.pub", `${line}\n`);
  const { success, stdout } = await new Deno.Command("ssh-keygen", { args: ["-lf", file] })
    .output();
  assert(success);
  return new TextDecoder().decode(stdout);
}

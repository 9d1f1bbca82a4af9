/** What the tests' client itself would notice. */
import { assertEquals, assertRejects } from "@std/assert";
import { checkAudit } from "./audit.ts";
import { connectProcess } from "./connect.ts";
import { makeTempFolder } from "./temp.ts";

const target = { url: "http://127.0.0.1:1", token: "" };

Deno.test("a session fails when stdout carried anything but JSON-RPC", async (t) => {
  for (const line of ["hello", '{"no":"JSON-RPC"}', "[]", "null"]) {
    await t.step(line, async () => {
      const code = `console.log(${JSON.stringify(line)})`;
      const session = await connectProcess(target, {
        command: [Deno.execPath(), "eval", code],
        initialize: false,
      });
      assertEquals((await session.exited).code, 0);
      await assertRejects(() => session[Symbol.asyncDispose](), Error, line);
    });
  }
});

Deno.test("a request fails with what the server said when it ends without an answer", async () => {
  await using session = await connectProcess(target, {
    command: [Deno.execPath(), "eval", 'console.error("not today")'],
    initialize: false,
  });
  await assertRejects(() => session.next(() => false), Error, "not today");
});

Deno.test("a permission audit fails on anything that is not granted", async (t) => {
  const granted = { env: ["TOKEN"], hosts: ["127.0.0.1:8080"] };
  await using folder = await makeTempFolder();
  const file = `${folder.path}/audit.jsonl`;
  const check = async (...asked: readonly (readonly [string, string | null])[]) => {
    const lines = asked.map(([permission, value]) => JSON.stringify({ v: 1, permission, value }));
    await Deno.writeTextFile(file, lines.map((line) => `${line}\n`).join(""));
    await checkAudit(file, granted);
  };
  const fine = [["env", "TOKEN"], ["net", "127.0.0.1:8080"]] as const;
  await check(...fine, ["net", "http://127.0.0.1:8080/v1/containers"]);
  const wrong: readonly (readonly [string, string | null])[] = [
    ["env", "HOME"],
    ["env", null],
    ["net", "127.0.0.1:8081"],
    ["net", "https://example.com/"],
    ["net", null],
    ["read", "/etc/passwd"],
    ["run", "sh"],
  ];
  for (const [permission, value] of wrong) {
    await t.step(`${permission} ${value}`, async () => {
      await assertRejects(() => check(...fine, [permission, value]), Error, "more than is shipped");
    });
  }
  await t.step("nothing at all", async () => {
    await assertRejects(() => check(), Error, "empty");
  });
});

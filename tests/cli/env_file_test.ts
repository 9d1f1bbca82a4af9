import { assertEquals, assertRejects } from "@std/assert";
import { readEnvFile } from "../../cli/env_file.ts";
import { UsageError } from "../../cli/usage_error.ts";
import { makeTempFolder } from "../temp.ts";

async function read(text: string): Promise<Readonly<Record<string, string>>> {
  await using folder = await makeTempFolder();
  return await readEnvFile(await folder.write("env", text), "--env-file");
}

Deno.test("readEnvFile() reads names, quotes, comments and export", async () => {
  const text = `# the daemon
CONTAINARIUM_SERVER_URL=http://localhost:8080
export CONTAINARIUM_JWT_TOKEN="eyJ.a.b"
A='one $two'
`;
  assertEquals(await read(text), {
    CONTAINARIUM_SERVER_URL: "http://localhost:8080",
    CONTAINARIUM_JWT_TOKEN: "eyJ.a.b",
    A: "one $two",
  });
});

Deno.test("readEnvFile() reads a byte order mark, CRLF, empty values and comments after values", async () => {
  assertEquals(await read("\uFEFFA=1\r\nB=\r\nC=2 # costs $5\r\nD='x' # 'y'\r\n"), {
    A: "1",
    B: "",
    C: "2",
    D: "x",
  });
});

Deno.test("readEnvFile() refuses what readers of such files disagree about", async (t) => {
  const values = [
    "$HOME/token",
    '"$HOME/token"',
    "`x`",
    '"a\\tb"',
    '"a\\"b"',
    "'it''s'",
    "'two",
    'a"b"',
    "a#b",
  ];
  for (const value of values) {
    await t.step(value, async () => {
      await assertRejects(
        () => read(`B=1\nTOKEN=${value}\n`),
        UsageError,
        "line 2: put the value of TOKEN in single quotes",
      );
    });
  }
  await t.step("no NAME=value", async () => {
    await assertRejects(() => read("hello"), UsageError, "line 1: expected NAME=value");
  });
});

Deno.test("readEnvFile() says which file is missing", async () => {
  await assertRejects(
    () => readEnvFile("/no/such.env", "--env-file /no/such.env"),
    UsageError,
    "/no/such.env: no such file",
  );
});

Deno.test("readEnvFile() says which permission is missing", {
  permissions: { read: false },
}, async () => {
  await assertRejects(
    () => readEnvFile("/etc/hostname", "--env-file"),
    UsageError,
    "start it with --allow-read=/etc/hostname",
  );
});

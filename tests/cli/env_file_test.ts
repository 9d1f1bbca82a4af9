import { assertEquals, assertRejects } from "@std/assert";
import { readEnvFile } from "../../cli/env_file.ts";
import { UsageError } from "../../cli/errors.ts";

async function read(text: string): Promise<Readonly<Record<string, string>>> {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, text);
    return await readEnvFile(file, "--env-file");
  } finally {
    await Deno.remove(file);
  }
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

Deno.test("readEnvFile() refuses what readers of such files disagree about", async () => {
  await assertRejects(
    () => read("B=1\nTOKEN=$HOME/token\n"),
    UsageError,
    "line 2: put the value of TOKEN in single quotes",
  );
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

import { assertEquals, assertRejects } from "@std/assert";
import { ConfigError } from "../../cli/config.ts";
import { readEnvFile } from "../../cli/env_file.ts";

async function read(text: string): Promise<Readonly<Record<string, string>>> {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, text);
    return await readEnvFile(file);
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
    ConfigError,
    "line 2: put the value of TOKEN in single quotes",
  );
});

Deno.test("readEnvFile() says which file is missing", async () => {
  await assertRejects(() => readEnvFile("/no/such.env"), ConfigError, "/no/such.env: no such file");
});

Deno.test("readEnvFile() says which permission is missing", {
  permissions: { read: false },
}, async () => {
  await assertRejects(
    () => readEnvFile("/etc/hostname"),
    ConfigError,
    "start it with --allow-read=/etc/hostname",
  );
});

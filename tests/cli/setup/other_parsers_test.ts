/** What is pasted is read by other parsers than those that wrote it: JSON's own, and those of Python. */
import { assertEquals } from "@std/assert";
import { clients } from "../../../cli/setup/clients/mod.ts";
import { putAll } from "../../../cli/setup/edit.ts";
import { nested } from "../../../cli/setup/json_editor.ts";
import type { Server } from "../../../cli/setup/mcp_client.ts";
import { unless, whyMissing } from "../../needs.ts";

/** Everything in it has to be quoted somewhere. */
const server: Server = {
  name: "containarium",
  command: 'C:\\Program Files\\mcp "server".exe',
  args: ["--a=b,c", "# no comment", "", "it's", "{x: 1}", "\u{1f980} \u{e9}", "yes", "1"],
  env: { A: "${env:B}", C: "on", D: " x ", E: "a: b" },
  isTokenPassed: true,
  system: "windows",
};

const modules = { json: "json", jsonc: "json", toml: "tomllib", yaml: "yaml" } as const;

const programs = {
  json: "import json,sys; print(json.dumps(json.load(sys.stdin)))",
  toml: "import json,sys,tomllib; print(json.dumps(tomllib.load(sys.stdin.buffer)))",
  yaml: "import json,sys,yaml; print(json.dumps(yaml.safe_load(sys.stdin)))",
};

async function python(program: string, text = ""): Promise<{ code: number; stdout: string }> {
  const child = new Deno.Command("python3", {
    args: ["-c", program],
    env: { PYTHONIOENCODING: "utf-8" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { code, stdout } = await child.output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

async function whyNot(module: string): Promise<string | undefined> {
  const missing = whyMissing(["python3"]);
  if (missing !== undefined) return missing;
  return (await python(`import ${module}`)).code === 0 ? undefined : `no ${module} in python3`;
}

for (const [language, module] of Object.entries(modules)) {
  const mine = clients.filter((client) => client.language === language);
  const named = unless(await whyNot(module), `setup's ${language} is read by Python's ${module}`);
  Deno.test({
    ...named,
    fn: async () => {
      for (const client of mine) {
        const values = client.values(server);
        const text = await putAll("", client.language, values, client.title);
        const program = client.language === "jsonc" ? programs.json : programs[client.language];
        const { stdout } = await python(program, text);
        const wanted = values.map(({ keys, by, value }) =>
          nested(keys, by === undefined ? value : [value])
        );
        assertEquals(JSON.parse(stdout), Object.assign({}, ...wanted), client.id);
        if (language.startsWith("json")) assertEquals(JSON.parse(text), JSON.parse(stdout));
      }
    },
  });
}

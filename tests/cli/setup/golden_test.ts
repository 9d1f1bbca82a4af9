/**
 * What `setup CLIENT` prints, per client and system: `golden/CLIENT.txt`. To write the files anew:
 * `deno test … tests/cli/setup/golden_test.ts -- --update`.
 */
import { assert, assertEquals } from "@std/assert";
import { clients } from "../../../cli/setup/clients/mod.ts";
import { instructions } from "../../../cli/setup/instructions.ts";
import { type Program, programElsewhere } from "../../../cli/setup/program.ts";
import { prepare, type Wanted } from "../../../cli/setup/wanted_server.ts";
import { shippedEnv } from "../../connect.ts";
import { type Folders, systems } from "../../../cli/setup/client_system.ts";

const base: Wanted = {
  args: [],
  env: { CONTAINARIUM_SERVER_URL: "https://box.example" },
  granted: { net: ["box.example:443"], read: [], write: [] },
  token: "variable",
  notes: [],
};

const homes = { linux: "/home/ann", darwin: "/Users/ann", windows: "C:\\Users\\ann" } as const;

const deno: Program = {
  kind: "deno",
  deno: "/usr/bin/deno",
  flags: [],
  script: "/opt/mcp server/mcp-server.js",
};

async function printed(
  client: typeof clients[number],
  folders: Folders,
  wanted: Wanted,
  program: Program,
): Promise<string> {
  const { server, token } = prepare(client, wanted, program, folders, "containarium");
  return await instructions(client, server, folders, { token, notes: wanted.notes });
}

/** Which variables there are is not what is tested here: another one changes nothing. */
function withoutVariables(text: string): string {
  return text.replaceAll(shippedEnv.join(","), "EACH_VARIABLE")
    .replaceAll(/^( {2}\w+:\S{80})\S{800,}$/gm, "$1…");
}

for (const client of clients) {
  Deno.test(`setup ${client.id} prints golden/${client.id}.txt`, async () => {
    const parts: string[] = [];
    for (const system of systems) {
      const folders = { system, home: homes[system] };
      parts.push(await printed(client, folders, base, programElsewhere(system)));
    }
    // The token where the server finds it by itself, and deno run with its grants.
    const found: Wanted = {
      ...base,
      args: ["--read-only"],
      token: "found",
      granted: { ...base.granted, read: ["/home/ann/.containarium/credentials.json"] },
    };
    parts.push(await printed(client, { system: "linux", home: homes.linux }, found, deno));
    const all = parts.join(`\n${"=".repeat(80)}\n\n`);
    const text = withoutVariables(all);
    const path = new URL(`golden/${client.id}.txt`, import.meta.url);
    if (Deno.args.includes("--update")) await Deno.writeTextFile(path, text);
    assertEquals(text, await Deno.readTextFile(path));
  });
}

Deno.test("setup: links carry what is pasted, and no secret", () => {
  const folders: Folders = { system: "linux", home: homes.linux };
  for (const client of clients.filter(({ link }) => link !== undefined)) {
    const { server } = prepare(client, { ...base, token: "found" }, deno, folders, "containarium");
    const link = client.link?.(server);
    if (client.id === "goose") {
      assertEquals(link, undefined);
      continue;
    }
    assert(link !== undefined, client.id);
    const url = new URL(link);
    const config = url.searchParams.get("config");
    const json = config === null ? decodeURIComponent(url.search.slice(1)) : atob(config);
    const { command, args, env } = JSON.parse(json);
    assertEquals([command, args, env], [server.command, server.args, server.env], client.id);
  }
});

Deno.test("setup: no client's file ever has the token in it", async () => {
  // It is not even among what a client's values are made of.
  for (const client of clients) {
    for (const token of ["variable", "missing", "found"] as const) {
      const folders: Folders = { system: "linux", home: homes.linux };
      const { server } = prepare(client, { ...base, token }, deno, folders, "containarium");
      const held = server.env.CONTAINARIUM_JWT_TOKEN;
      assert(held === undefined || /^(?:\$|\{env:)/.test(held), `${client.id}: ${held}`);
      await instructions(client, server, folders, { token: "", notes: [] });
    }
  }
});

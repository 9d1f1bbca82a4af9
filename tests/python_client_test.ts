/** The server as the official Python client sees it, in each way that it negotiates. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { listedNames } from "./listed_names.ts";
import { inherited, shippedCommand } from "./connect.ts";
import { startDaemon } from "./daemon/mod.ts";
import { findTool } from "./daemon/scratch_tools.ts";
import { unless } from "./needs.ts";

/** The version that `.ci/run` installs. */
const [, wanted] = /\bmcp==([\d.]+)/.exec(
  await Deno.readTextFile(new URL("../.ci/run", import.meta.url)),
) ?? [];

/** What a line of Python prints, if that Python is there and runs it. */
async function printed(python: string, line: string): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(python, { args: ["-c", line] }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    // Thrown while the command is started, before there is a promise.
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A Python with the client: that of `.deno/venv`, where `.ci/run` installs it, or the one on the PATH. */
async function findPython(): Promise<string | undefined> {
  const own = new URL("../.deno/venv/bin/python3", import.meta.url).pathname;
  for (const python of [own, findTool("python3")]) {
    if (python === undefined) continue;
    const look = "import importlib.metadata; print(importlib.metadata.version('mcp'))";
    if (await printed(python, look) === wanted) return python;
  }
  return undefined;
}

const python = await findPython();
const reason = python === undefined ? `no Python with mcp ${wanted}` : undefined;

const summary = z.object({
  version: z.string(),
  server: z.string().nullable(),
  tools: z.array(z.string()),
  created: z.boolean(),
  progress: z.array(z.number()),
  questions: z.array(z.string()),
  deleted: z.string(),
  unknown: z.number(),
});

const cases = [
  ["legacy", "accept", "2025-11-25"],
  ["auto", "accept", "2026-07-28"],
  ["auto", "decline", "2026-07-28"],
  ["2026-07-28", "accept", "2026-07-28"],
] as const;

for (const [mode, action, version] of cases) {
  const named = unless(reason, `the Python client ${wanted}, ${mode}, the user answers ${action}`);
  Deno.test({
    ...named,
    fn: async () => {
      await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
      const script = new URL("python_client.py", import.meta.url).pathname;
      const { code, stdout, stderr } = await new Deno.Command(python ?? "python3", {
        args: [script, mode, action, ...shippedCommand(daemon.url)],
        clearEnv: true,
        env: {
          ...inherited(),
          HOME: "/nonexistent",
          CONTAINARIUM_SERVER_URL: daemon.url,
          CONTAINARIUM_JWT_TOKEN: await daemon.token(),
          CONTAINARIUM_MCP_TOOLSETS: "all",
        },
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      assertEquals(code, 0, text(stderr));
      const seen = summary.parse(JSON.parse(text(stdout)));
      assertEquals([seen.version, seen.server ?? "containarium"], [version, "containarium"]);
      assertEquals(seen.tools, listedNames);
      assertEquals([seen.created, seen.unknown], [false, -32602]);
      assert(seen.progress.length > 0);
      assertEquals(seen.questions.length, 1);
      assertStringIncludes(seen.questions[0] ?? "", "Delete alice-container (running)");
      const words = action === "accept" ? "Deleted" : "The user declined";
      assertStringIncludes(seen.deleted, words);
      assertEquals(daemon.state("alice") === undefined, action === "accept");
    },
  });
}

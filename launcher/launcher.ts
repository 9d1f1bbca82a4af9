/**
 * Runs the server on a machine with Node: works out the permissions that the configuration needs, and starts
 * Deno with those. This is the program of the npm package and of the MCPB bundle.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import process from "node:process";
import metadata from "../deno.json" with { type: "json" };
import { splitArgs } from "../cli/added_grants.ts";
import { readGrants } from "../cli/read_grants.ts";
import { Environment } from "../cli/sources.ts";
import { denoArgs } from "./deno_command.ts";
import { filesTried } from "./deno_stand_in.ts";
import { findDeno } from "./find_deno.ts";

const server = fileURLToPath(new URL("mcp-server.js", import.meta.url));
const { added, rest } = splitArgs(process.argv.slice(2));
const needed = await readGrants(rest, new Environment((name) => process.env[name]));
try {
  const args = denoArgs(
    server,
    metadata.permissions.default.env,
    // Without a usable configuration the server says what is wrong, and has to see what is.
    [needed ?? { net: [], read: filesTried(), write: [] }, added],
    rest,
  );
  const system = `${process.platform}-${process.arch}`;
  process.exitCode = await run(findDeno(fileURLToPath(import.meta.url), system), args);
} catch (error) {
  process.stderr.write(`mcp-server: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Runs a program on this process's streams; passes signals on, and returns its exit code. */
function run(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, {
    stdio: "inherit",
    env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" },
    windowsHide: true,
  });
  // Deno ends by them, and this process after it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

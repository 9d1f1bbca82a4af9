/**
 * The MCP server for Containarium: reads its configuration and serves on stdin and stdout.
 *
 * @module
 */
import { StderrLog } from "./cli/stderr_log.ts";
import { giveUpPermissions } from "./cli/permissions.ts";
import { exit, isReleased, isUnconfined } from "./cli/process.ts";

// Nothing in progress may keep the process alive after stdin has ended.
if (import.meta.main) {
  const stderr = new StderrLog();
  const serve = async () => {
    const { run } = await import("./cli/run.ts");
    const { standardStreams, standardTerminal } = await import(
      "./server/stdio/standard_streams.ts"
    );
    return await run(isReleased() ? await withoutGrants() : Deno.args, {
      ...standardStreams(),
      terminal: standardTerminal(),
      readVariable: (name) => Deno.env.get(name),
      writeLog: (line) => stderr.write(line),
      giveUpPermissions,
    });
  };
  const code = await confined() ?? await serve();
  await stderr.flush({ failed: code !== 0 });
  exit(code);
}

/** A binary that was built for others runs itself again with fewer permissions. */
async function confined(): Promise<number | undefined> {
  if (!isUnconfined()) return undefined;
  const { runConfined } = await import("./cli/confine.ts");
  return await runConfined(import.meta.url);
}

/** Permissions that the user adds are for the worker, not for a command. */
async function withoutGrants(): Promise<readonly string[]> {
  const { splitArgs } = await import("./cli/added_grants.ts");
  return splitArgs(Deno.args).rest;
}

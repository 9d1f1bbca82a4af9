/**
 * The MCP server for Containarium: reads its configuration and serves on stdin and stdout.
 *
 * @module
 */
import { flushStderr, writeStderr } from "./cli/stderr_log.ts";
import { giveUpPermissions } from "./cli/permissions.ts";
import { run } from "./cli/run.ts";
import { standardStreams } from "./server/stdio.ts";

// Nothing in progress may keep the process alive after stdin has ended.
if (import.meta.main) {
  const code = await run(Deno.args, {
    ...standardStreams(),
    readVariable: (name) => Deno.env.get(name),
    writeLog: writeStderr,
    giveUpPermissions,
  });
  await flushStderr();
  Deno.exit(code);
}

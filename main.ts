/**
 * The MCP server for Containarium: reads its configuration and serves on stdin and stdout.
 *
 * @module
 */
import { StderrLog } from "./cli/stderr_log.ts";
import { giveUpPermissions } from "./cli/permissions.ts";
import { run } from "./cli/run.ts";
import { standardStreams } from "./server/stdio/stdio_transport.ts";

// Nothing in progress may keep the process alive after stdin has ended.
if (import.meta.main) {
  const stderr = new StderrLog();
  const code = await run(Deno.args, {
    ...standardStreams(),
    readVariable: (name) => Deno.env.get(name),
    writeLog: (line) => stderr.write(line),
    giveUpPermissions,
  });
  await stderr.flush();
  Deno.exit(code);
}

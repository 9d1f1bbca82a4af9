/** The server in the test's own process, over streams. @module */
import { run } from "../cli/run.ts";
import type { Peer } from "./session.ts";

/** Starts the server with a command line and an environment of its own. */
export function startInProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Peer {
  const [stdin, stdout, stderr] = [pipe(), pipe(), pipe()];
  const output = stdout.writable.getWriter();
  const errors = stderr.writable.getWriter();
  const writeLog = (line: string) => {
    // After the end nobody reads: a process would be gone.
    errors.write(new TextEncoder().encode(line)).catch(() => {});
  };
  const serve = async () => {
    const code = await run(args, {
      input: stdin.readable,
      write: (bytes) => output.write(bytes),
      readVariable: (name) => env[name],
      writeLog,
      // They are those of the tests.
      giveUpPermissions: () => Promise.resolve([]),
    }).catch((error) => {
      writeLog(`Uncaught ${error instanceof Error ? error.stack : error}\n`);
      return 1;
    });
    await Promise.all([output.close(), errors.close()]);
    return { code, signal: null };
  };
  return {
    stdin: stdin.writable,
    stdout: stdout.readable,
    stderr: stderr.readable,
    status: serve(),
  };
}

/** A pipe that holds whatever is written, like a process's for a client that reads late. */
function pipe(): TransformStream<Uint8Array, Uint8Array> {
  const unbounded = new CountQueuingStrategy({ highWaterMark: Infinity });
  return new TransformStream<Uint8Array, Uint8Array>({}, unbounded, unbounded);
}

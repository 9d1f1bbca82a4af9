import { checkAudit } from "../audit.ts";
import {
  connect,
  type ConnectOptions,
  type Session,
  shippedCommand,
  shippedEnv,
  type Target,
} from "../connect.ts";

/** How the process is started. */
export interface LaunchOptions extends Omit<ConnectOptions, "command"> {
  /** Stands after `main.ts`. */
  readonly args?: readonly string[];
  /** Files that `--allow-read` names. */
  readonly read?: readonly string[];
}

/** A server process; on closing it is checked that it asked for nothing more than it was granted. */
export interface Launched extends AsyncDisposable {
  /** The conversation with it. */
  readonly server: Session;
}

/** Starts the server as shipped, with arguments and files that it may read. */
export async function launch(
  target: Target,
  { args = [], read = [], env = {}, ...options }: LaunchOptions = {},
): Promise<Launched> {
  const audit = await Deno.makeTempFile();
  const [deno, ...flags] = shippedCommand(target.url);
  const main = flags.pop() ?? "";
  const allowRead = read.length === 0 ? [] : [`--allow-read=${read.join(",")}`];
  const server = await connect(target, {
    ...options,
    command: [deno, ...flags, ...allowRead, main, ...args],
    env: { ...env, DENO_AUDIT_PERMISSIONS: audit },
  });
  return {
    server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await leaveOutReads(audit, read);
      await checkAudit(audit, { env: shippedEnv, host: new URL(target.url).host });
      await Deno.remove(audit);
    },
  };
}

/** The audit of the tests knows nothing of files: takes those out that may be read. */
async function leaveOutReads(audit: string, read: readonly string[]): Promise<void> {
  const lines = (await Deno.readTextFile(audit)).split("\n").filter((line) => line !== "");
  const rest = lines.filter((line) => {
    const { permission, value } = JSON.parse(line);
    return permission !== "read" || !read.includes(value);
  });
  await Deno.writeTextFile(audit, rest.join("\n"));
}

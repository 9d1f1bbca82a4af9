/**
 * Narrows the permissions of a released binary. What is baked into it is made on another machine, for every
 * daemon and every home, and a grant cannot be narrowed in a running process. So the binary starts a worker
 * that has only what the configuration needs, and revokes its own permissions.
 *
 * @module
 */
import { parseServerUrl } from "../client/internal.ts";
import { readCommandLine, settingFlags } from "./command_line.ts";
import { chooseCommand, commandIn, DEFAULT_COMMAND } from "./command_table.ts";
import { configure } from "./configure.ts";
import { environmentProxy } from "./environment_proxy.ts";
import { type Grants, neededGrants } from "./needed_grants.ts";
import { Environment } from "./sources.ts";

/**
 * Runs the program in a worker, with the permissions that its configuration needs.
 *
 * @param program URL of the module that runs it
 * @returns The exit code; `undefined` if nothing can be served, so that it is run here to say why
 */
export async function runConfined(program: string): Promise<number | undefined> {
  const grants = await readGrants();
  const own = ["net", "read", "write"] as const;
  if (grants === undefined) {
    await Promise.all([revoke("net"), revoke("write")]);
    return undefined;
  }
  const worker = new Worker(program, {
    type: "module",
    deno: {
      permissions: {
        env: "inherit",
        net: [...grants.net],
        read: [...grants.read],
        write: [...grants.write],
      },
    },
  });
  // Before anything is awaited: a message that nobody listens for is lost.
  const code = exitCodeOf(worker);
  await Promise.all([...own, "env" as const].map(revoke));
  return await code;
}

async function readGrants(): Promise<Grants | undefined> {
  const environment = new Environment((name) => Deno.env.get(name));
  try {
    const { name, rest } = commandIn(Deno.args);
    // Serving is not loaded twice: it has these flags, and takes no words.
    const { flags, takesWords = false } = name === DEFAULT_COMMAND
      ? { flags: settingFlags }
      : (await chooseCommand(Deno.args)).command;
    const line = readCommandLine(rest, flags, takesWords);
    if (line.kind !== "run") return undefined;
    const configured = await configure(line.given.variables, environment, () => {});
    const url = parseServerUrl(configured.config.serverUrl);
    return neededGrants(configured, await environmentProxy(url, environment));
  } catch {
    return undefined;
  }
}

async function revoke(name: "net" | "read" | "write" | "env"): Promise<void> {
  await Deno.permissions.revoke({ name });
}

function exitCodeOf(worker: Worker): Promise<number> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(typeof data === "number" ? data : 1);
    // The runtime has written what was thrown.
    worker.onerror = () => resolve(1);
  });
}

/**
 * Narrows the permissions of a released binary. What is baked into it is made on another machine, for every
 * daemon and every home, and a grant cannot be narrowed in a running process. So the binary starts a worker
 * that has only what the configuration needs, and revokes its own permissions.
 *
 * @module
 */
import { splitArgs } from "./added_grants.ts";
import { readGrants } from "./read_grants.ts";
import { Environment } from "./sources.ts";

/**
 * Runs the program in a worker, with the permissions that its configuration needs.
 *
 * @param program URL of the module that runs it
 * @returns The exit code; `undefined` if nothing can be served, so that it is run here to say why
 */
export async function runConfined(program: string): Promise<number | undefined> {
  const environment = new Environment((name) => Deno.env.get(name));
  const { added, rest } = splitArgs(Deno.args);
  const grants = await readGrants(rest, environment);
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
        net: [...grants.net, ...added.net],
        read: [...grants.read, ...added.read],
        write: [...grants.write, ...added.write],
      },
    },
  });
  // Before anything is awaited: a message that nobody listens for is lost.
  const code = exitCodeOf(worker);
  await Promise.all([...own, "env" as const].map(revoke));
  return await code;
}

async function revoke(name: "net" | "read" | "write" | "env"): Promise<void> {
  await Deno.permissions.revoke({ name });
}

function exitCodeOf(worker: Worker): Promise<number> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(typeof data === "number" ? data : 1);
    worker.onerror = (event) => {
      // The runtime has written what was thrown. Unless it is handled, it ends this process as well.
      event.preventDefault();
      resolve(1);
    };
  });
}

import { valueAt } from "./edit.ts";
import type { Client, Server } from "./mcp_client.ts";
import { clients } from "./clients/mod.ts";
import type { Folders } from "./client_system.ts";

/** What is known of a client's file on this machine. */
export type Found =
  | {
    readonly client: Client;
    readonly path: string;
    readonly state: "configured" | "found" | "absent" | "denied";
  }
  | { readonly client: Client; readonly path: undefined; readonly state: "unknown" };

/** Looks for the clients by their files, as far as reading them is permitted. */
export async function findClients(folders: Folders, name: string): Promise<readonly Found[]> {
  return await Promise.all(clients.map(async (client): Promise<Found> => {
    const path = client.file?.(folders);
    if (path === undefined) return { client, path, state: "unknown" };
    return { client, path, state: await stateOf(client, path, name) };
  }));
}

async function stateOf(
  client: Client,
  path: string,
  name: string,
): Promise<"configured" | "found" | "absent" | "denied"> {
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") return "denied";
  try {
    const text = await Deno.readTextFile(path);
    return await isIn(client, text, name) ? "configured" : "found";
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "absent" : "found";
  }
}

async function isIn(client: Client, text: string, name: string): Promise<boolean> {
  const nothing: Server = {
    name,
    command: "",
    args: [],
    env: {},
    isTokenPassed: false,
    system: "linux",
  };
  const [entry] = client.values(nothing);
  try {
    return entry !== undefined &&
      await valueAt(text, client.language, entry, client.title) !== undefined;
  } catch {
    return false;
  }
}

const words: Readonly<Record<Found["state"], string>> = {
  configured: "has the server",
  found: "found",
  absent: "not found",
  denied: "not looked for",
  unknown: "has no file",
};

/** Returns the clients as a table. */
export function renderFound(found: readonly Found[]): string {
  const wide = Math.max(...found.map(({ client }) => client.id.length));
  const state = Math.max(...found.map(({ state }) => words[state].length));
  return found.map(({ client, path, state: word }) =>
    `${client.id.padEnd(wide)}  ${words[word].padEnd(state)}  ${path ?? ""}`.trimEnd()
  ).join("\n");
}

/** The results of each client's last run, in `.deno/interop/`: a run of one leaves the others' as they are. @module */
import { z } from "zod";
import type { Client } from "./clients.ts";
import { type Result, ResultLine } from "./results.ts";
import { slug } from "./runtimes.ts";

const Stored = z.array(ResultLine);

const ownFolder = new URL("../../.deno/interop/", import.meta.url).pathname;

function fileOf({ name }: Client, folder: string): string {
  return `${folder}${slug(name)}.json`;
}

/** Keeps what came of a client, in a folder that need not be there yet. */
export async function store(
  client: Client,
  results: readonly Result[],
  folder = ownFolder,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(fileOf(client, folder), JSON.stringify(results));
}

/** Returns the last results of a client in its pinned version; none if it was not run. */
export async function stored(client: Client, folder = ownFolder): Promise<readonly Result[]> {
  try {
    const results = Stored.parse(JSON.parse(await Deno.readTextFile(fileOf(client, folder))));
    return results.filter(({ version }) => version === client.version);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The results of each client's last run, in `.deno/interop/`: a run of one leaves the others' as they are. @module */
import { z } from "zod";
import type { Client } from "./clients.ts";
import { type Result, ResultLine } from "./results.ts";
import { slug } from "./runtimes.ts";

const Stored = z.array(ResultLine);

function fileOf({ name }: Client): URL {
  return new URL(`../../.deno/interop/${slug(name)}.json`, import.meta.url);
}

/** Keeps what came of a client. */
export async function store(client: Client, results: readonly Result[]): Promise<void> {
  await Deno.mkdir(new URL(".", fileOf(client)), { recursive: true });
  await Deno.writeTextFile(fileOf(client), JSON.stringify(results));
}

/** Returns the last results of a client in its pinned version; none if it was not run. */
export async function stored(client: Client): Promise<readonly Result[]> {
  try {
    const results = Stored.parse(JSON.parse(await Deno.readTextFile(fileOf(client))));
    return results.filter(({ version }) => version === client.version);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

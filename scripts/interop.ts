/**
 * `make interop`: programs that use the MCP clients and frameworks of others do everything with this
 * server, which is a process of its own with the shipped permissions and talks to a simulated daemon.
 * `INTEROP=name` runs those whose name contains it.
 *
 * A **driver** is such a program, one for each client, in `scripts/interop/drivers/`; a line in
 * `scripts/interop/clients.ts` says what it needs. It is started with the path of a JSON file: the type
 * `Scenario` of `scripts/interop/scenario.ts` says what is in it. It starts `server` over stdio with exactly that
 * environment, negotiates `revision`, does what the scenario says, and prints a line of JSON for each thing that
 * it tried: `{"feature", "item"?, "result", "detail"?}` (`scripts/interop/results.ts`). Of `tools`, `resources`,
 * `templates` and `prompts` it prints a line per item. Whatever it says nothing of fails, unless it printed
 * "not offered by the client" for the feature as a whole. `detail` of `connect` is the revision that was
 * negotiated.
 *
 * On its stdin it gets the word `reached` when the call of `cancellation` has reached the daemon, and, after it has
 * canceled it, `gone` or `still there`. Of `questions` it says that it was asked; whether the daemon
 * did what the user answered is checked here.
 *
 * @module
 */
import { clients } from "./interop/clients.ts";
import { drive } from "./interop/drive.ts";
import { tableOf } from "./interop/page.ts";
import type { Result } from "./interop/results.ts";
import { commandOf } from "./interop/runtimes.ts";

async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}

const chosen = (Deno.env.get("INTEROP") ?? "").toLowerCase();
const results: Result[] = [];
for (const client of clients.filter(({ name }) => name.toLowerCase().includes(chosen))) {
  const command = await commandOf(client);
  for (const revision of client.revisions) {
    for (const result of await drive(client, command, revision)) {
      results.push(result);
      await print(JSON.stringify(result));
    }
  }
}
await print(tableOf(results, {}));
Deno.exit(results.some(({ result }) => result === "fails") ? 1 : 0);

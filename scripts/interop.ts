/**
 * `make interop`: programs that use the MCP clients and frameworks of others do everything with this
 * server, which is a process of its own with the shipped permissions and talks to a simulated daemon.
 * `INTEROP=name` runs those whose name contains it. What came of it is printed, a line of JSON per thing, and
 * written as a table into `docs/interop.md`. It ends with 1 if something fails that `scripts/interop/notes.ts` does not
 * explain, or if that explains what works.
 *
 * A **driver** is such a program, one for each client, in `scripts/interop/drivers/`; a line in
 * `scripts/interop/clients.ts` says what it needs. It is started with the path of a JSON file: the type
 * `Scenario` of `scripts/interop/scenario.ts` says what is in it. It starts `server` over stdio with exactly that
 * environment, negotiates `revision`, does what the scenario says, and prints a line of JSON for each thing that
 * it tried: `{"feature", "item"?, "result", "detail"?}` (`scripts/interop/results.ts`). Of `tools`, `resources`,
 * `templates` and `prompts` it prints a line per item. Whatever it says nothing of fails, unless it printed
 * "not offered by the client" for the feature as a whole; `detail` then says by what that is seen. `detail` of
 * `connect` is the revision that was negotiated.
 *
 * On its stdin it gets the word `reached` when the call of `cancellation` has reached the daemon, and, after it has
 * canceled it, `gone` or `still there`. Of `questions` it says that it was asked; whether the daemon
 * did what the user answered is checked here.
 *
 * A framework for agents (its `kind`) is tried in two more things: `declarations`, whether what a model gets to
 * know of each tool (in OpenAI's strict mode and Gemini's API, too) is what the server lists, and `agent turn`, in
 * which a model that is none calls a tool and reads the result. `framework.py` has all that is alike in them. A
 * suite of tests has `scenarios` and nothing else; what fails there by design is `accepted`, and `detail` says why.
 *
 * @module
 */
import { clients } from "./interop/clients.ts";
import { drive } from "./interop/drive.ts";
import { isKnown, judge } from "./interop/known.ts";
import { notes } from "./interop/notes.ts";
import { tableOf } from "./interop/page.ts";
import type { Result } from "./interop/results.ts";
import { commandOf } from "./interop/runtimes.ts";
import { store, stored } from "./interop/stored.ts";
import { between } from "./markdown.ts";
import { print } from "./print.ts";

const pageUrl = new URL("../docs/interop.md", import.meta.url);
const part = (Deno.env.get("INTEROP") ?? "").toLowerCase();
const names = clients.map(({ name }) => name);
const chosen = clients.filter(({ name }) => name.toLowerCase().includes(part));
if (chosen.length === 0) {
  throw new Error(`Cannot try ${part}: it is in none of the names ${names.join(", ")}`);
}

const results: Result[] = [];
for (const client of chosen) {
  const mine: Result[] = [];
  for (const revision of client.revisions) {
    mine.push(...await drive(client, await commandOf(client, revision), revision));
  }
  for (const result of mine) await print(JSON.stringify(result));
  await store(client, mine);
  results.push(...mine);
}
await print(tableOf(results, notes));
const all = (await Promise.all(clients.map((client) => stored(client)))).flat();
const page = await Deno.readTextFile(pageUrl);
await Deno.writeTextFile(pageUrl, between(page, "interop", tableOf(all, notes)));
await Deno.mkdir("dist", { recursive: true });
const report = { results: all.map((result) => ({ ...result, known: isKnown(result, notes) })) };
await Deno.writeTextFile("dist/interop.json", `${JSON.stringify(report, undefined, 2)}\n`);

const { known, unknown, stale } = judge(results, notes, names);
await print(`${known.length} failures by design or with a note, ${unknown.length} without`);
for (const about of stale) await print(`Stale in notes.ts, since it does not fail: ${about}`);
Deno.exit(unknown.length + stale.length === 0 ? 0 : 1);

/**
 * `make soak`: for SOAK_SECONDS (300), drawn from SOAK_SEED (another one each time), servers talk at random to a
 * daemon in which things go wrong, and then everything that reads from outside gets inputs that nobody should send.
 * Prints what came of it, and writes it to `dist/soak.json`. `tests/soak/` says what is checked.
 *
 * @module
 */
import { fuzz } from "../tests/soak/fuzz.ts";
import { soak } from "../tests/soak/soak.ts";
import { print } from "./print.ts";
import type { SoakFigures } from "./quality/soak_block.ts";
import { numberFrom } from "./variables.ts";

const seconds = numberFrom("SOAK_SECONDS", 300);
const seed = numberFrom("SOAK_SEED", Date.now() % 1_000_000);
/** The rest of the time is for inputs. */
const TALKING = 0.8;

function table(title: string, cells: Readonly<Record<string, unknown>>): readonly string[] {
  const rows = Object.entries(cells).sort();
  return [`\n${title}`, ...rows.map(([name, value]) => `  ${name.padEnd(34)} ${value}`)];
}

await print(`Soaking for ${seconds} s; make soak SOAK_SEED=${seed} draws the same again`);
const until = performance.now() + seconds * 1_000;
const talked = await soak({ seconds: seconds * TALKING, seed });
const fuzzed = await fuzz(seed, until);
const findings = [...talked.failures, ...fuzzed.failures];
const figures: SoakFigures = {
  date: new Date().toISOString().slice(0, 10),
  seed,
  seconds,
  servers: talked.servers,
  requests: { clients: talked.sent, daemon: talked.requests },
  calls: talked.calls,
  canceled: talked.canceled,
  recordEntries: talked.entries,
  searchedCharacters: talked.searched,
  slowestExitMs: talked.slowestExitMs,
  memoryMiB: [...talked.memoryMiB],
  answers: Object.fromEntries(talked.codes),
  faults: Object.fromEntries(talked.faults),
  inputs: Object.fromEntries(fuzzed.inputs),
  findings,
};
await Deno.mkdir("dist", { recursive: true });
await Deno.writeTextFile("dist/soak.json", `${JSON.stringify(figures, undefined, 2)}\n`);
const { requests, memoryMiB: [first, last], answers, faults, inputs, findings: _, ...others } =
  figures;
const lines = [
  ...table("Figures", {
    ...others,
    memoryMiB: `${first} → ${last}`,
    requests: `${requests.clients} of clients, ${requests.daemon} to the daemon`,
  }),
  ...table("Faults", faults),
  ...table("Answers", answers),
  ...table("Calls that change something", Object.fromEntries(talked.writes)),
  ...table("Inputs", inputs),
  `\n${findings.length} failures, seed ${seed}`,
  ...findings.map((failure) => `- ${failure}`),
];
await print(lines.join("\n"));
Deno.exit(findings.length === 0 ? 0 : 1);

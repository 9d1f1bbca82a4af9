/**
 * `make soak`: servers talk at random to a daemon in which things go wrong, for SOAK_SECONDS (300), drawn from
 * SOAK_SEED (another one each time). `tests/soak/` says what is checked.
 *
 * @module
 */
import { soak } from "../tests/soak/soak.ts";

const seconds = Number(Deno.env.get("SOAK_SECONDS") ?? 300);
const seed = Number(Deno.env.get("SOAK_SEED") ?? Date.now() % 1_000_000);

async function print(lines: readonly string[]): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
}

function table(title: string, cells: Iterable<readonly [string, unknown]>): readonly string[] {
  return [
    `\n${title}`,
    ...[...cells].sort().map(([name, value]) => `  ${name.padEnd(34)} ${value}`),
  ];
}

await print([`Soaking for ${seconds} s; make soak SOAK_SEED=${seed} draws the same again`]);
const { failures, codes, writes, faults, memoryMiB, ...figures } = await soak({ seconds, seed });
await print([
  ...table("Figures", Object.entries({ ...figures, memoryMiB: memoryMiB.join(" → ") })),
  ...table("Faults", faults),
  ...table("Answers", codes),
  ...table("Calls that change something", writes),
  `\n${failures.length} failures, seed ${seed}`,
  ...failures.map((failure) => `- ${failure}`),
]);
Deno.exit(failures.length === 0 ? 0 : 1);

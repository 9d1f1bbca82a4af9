/** Runs tests of anything that may come from outside again and again, with other inputs each time. @module */
import { importFlags } from "../connect.ts";
import { makeTempFolder } from "../temp.ts";

/** Which tests try what. */
export const fuzzedInputs: Readonly<Record<string, readonly string[]>> = {
  "lines on stdin": ["tests/server/stdio/lines_test.ts"],
  "messages of both revisions": [
    "tests/server/any_message_test.ts",
    "tests/server/envelope_test.ts",
  ],
  "arguments of tools": ["tests/server/calls/arguments_test.ts"],
  "responses of the daemon": ["tests/client/wire_test.ts", "tests/soak/wild_answers_test.ts"],
  "streams of events": ["tests/client/events/event_reader_test.ts"],
  "terminal frames": [
    "tests/client/terminal/agent_parser_test.ts",
    "tests/client/terminal/wild_frames_test.ts",
  ],
  "policy files": ["tests/tools/policy/policy_test.ts"],
  "archives": ["tests/client/files/archive_test.ts"],
  "attacks by arguments and URIs": [
    "tests/soak/attacks_test.ts",
    "tests/soak/attacked_uris_test.ts",
  ],
  "hostile output": ["tests/soak/hostile_output_test.ts"],
};

/** What came of it. */
export interface FuzzReport {
  /** How many inputs were tried, by kind. */
  readonly inputs: ReadonlyMap<string, number>;
  /** What was wrong, a text each. */
  readonly failures: readonly string[];
}

/**
 * Runs all of them once, and again while there is time.
 *
 * @param until When no other round begins, by `performance.now()`
 */
export async function fuzz(seed: number, until: number): Promise<FuzzReport> {
  const inputs = new Map<string, number>();
  const failures: string[] = [];
  for (let round = seed; round === seed || performance.now() < until; round++) {
    for (const [kind, files] of Object.entries(fuzzedInputs)) {
      if (round > seed && performance.now() >= until) break;
      const { tried, failure } = await runOnce(files, round);
      inputs.set(kind, (inputs.get(kind) ?? 0) + tried);
      if (failure !== undefined) failures.push(`${kind}, SOAK_SEED=${round}:\n${failure}`);
    }
  }
  return { inputs, failures };
}

interface Outcome {
  readonly tried: number;
  readonly failure: string | undefined;
}

/** Most of what a failure says. */
const MAX_FAILURE_CHARS = 4_000;

async function runOnce(files: readonly string[], seed: number): Promise<Outcome> {
  await using folder = await makeTempFolder();
  const root = new URL("../../", import.meta.url);
  const sums = await Promise.all(files.map(async (file, at) => {
    const counts = `${folder.path}/${at}`;
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "-q", "--no-check", "-P=test", ...importFlags],
        ...[`--preload=${import.meta.resolve("./drawn_by_seed.ts")}`, file],
      ],
      cwd: root,
      env: { SOAK_SEED: `${seed}`, SOAK_INPUTS: counts, NO_COLOR: "1" },
    }).output();
    const tried = Number(await Deno.readTextFile(counts).catch(() => "0"));
    const decoder = new TextDecoder();
    const said = decoder.decode(stdout) + decoder.decode(stderr);
    return { tried, failure: success ? undefined : said.slice(-MAX_FAILURE_CHARS) };
  }));
  const failed = sums.flatMap(({ failure }) => failure ?? []);
  return {
    tried: sums.reduce((sum, { tried }) => sum + tried, 0),
    failure: failed.length === 0 ? undefined : failed.join("\n"),
  };
}

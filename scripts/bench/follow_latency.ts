/** How soon a line that a running command prints is reported. @module */
import type { ContainariumClient } from "../../client/mod.ts";

const LINES = "for i in 1 2 3 4 5 6 7 8 9; do date +%s%N; sleep 0.05; done";

/** Milliseconds from printing a line to its report. */
export interface FollowLatencies {
  /** Through a terminal. */
  readonly terminal: readonly number[];
  /** From a local `bash -c`. */
  readonly bash: readonly number[];
}

/** Measures both. */
export async function followLatencies(client: ContainariumClient): Promise<FollowLatencies> {
  const terminal: number[] = [];
  await client.terminal("alice").run(LINES, {
    onOutput: (piece) => terminal.push(...latenciesOf(new TextDecoder().decode(piece))),
  });
  const local: number[] = [];
  const bash = new Deno.Command("bash", { args: ["-c", LINES], stdout: "piped" }).spawn();
  for await (const text of bash.stdout.pipeThrough(new TextDecoderStream())) {
    local.push(...latenciesOf(text));
  }
  await bash.status;
  return { terminal, bash: local };
}

function latenciesOf(text: string): readonly number[] {
  const now = performance.timeOrigin + performance.now();
  return text.trim().split("\n").map((nanoseconds) => now - Number(nanoseconds) / 1e6);
}

import { assertEquals } from "@std/assert";
import { NO_CONTAINER, podmanReader } from "../../../tools/logs/sources/podman.ts";
import type { LogQuery } from "../../../tools/logs/log_query.ts";
import { inEachShell, runIn, type ScriptResult, type TestShell } from "./shells.ts";
import { makeTempFolder } from "../../temp.ts";

/** Behaves like podman with its own log files: `--tail` counts before `--since` and `--until` filter. */
const fakePodman = `#!/bin/sh
tail=+1 since= until=9
case " $* " in *' --until=2026-11-21T09'*)echo 'Error: no such time' >&2;exit 125;;esac
[ "$1" = logs ]||{ echo web;exit;}
for option;do case $option in
--tail=*)tail=\${option#*=};;
--since=*)since=\${option#*=};;
--until=*)until=\${option#*=};;
esac;done
printf '2026-11-21T0%s:00:00Z line %s\\n' 1 1 2 2 3 3 4 4|tail -n "$tail"|
awk -v since="$since" -v until="$until" '$1 >= since && $1 <= until'
`;

const hour = (hour: number) =>
  ({ kind: "instant", epochMs: Date.UTC(2026, 10, 21, hour, 30) }) as const;

/** Runs a reader's script with this podman. */
async function run(
  shell: TestShell,
  query: Partial<LogQuery>,
): Promise<ScriptResult & { readonly lines: readonly string[] }> {
  await using folder = await makeTempFolder();
  await folder.write("podman", fakePodman, { mode: 0o755 });
  const { script } = podmanReader({ lines: 2, isLive: false, ...query }, "web");
  const result = await runIn(shell, `PATH=${folder.path}:$PATH\n${script}`);
  const lines = result.stdout.split("\n").filter((line) => /line|web/.test(line));
  return { ...result, lines: lines.map((line) => line.replace(/^\S+Z /, "")) };
}

Deno.test("podmanReader() returns the newest lines of the requested time", async (t) => {
  const cases: readonly (readonly [Partial<LogQuery>, readonly string[]])[] = [
    [{}, ["line 3", "line 4"]],
    [{ since: hour(3) }, ["line 4"]],
    [{ until: hour(3) }, ["line 2", "line 3"]],
    [{ since: hour(1), until: hour(2) }, ["line 2"]],
    [{ until: hour(3), grep: "line [12]" }, ["line 1", "line 2"]],
  ];
  await inEachShell(t, async (shell) => {
    for (const [query, expected] of cases) {
      const { code, stderr, lines } = await run(shell, query);
      assertEquals([code, stderr, lines], [0, "", expected], JSON.stringify(query));
    }
  });
});

Deno.test("podmanReader() does not fail if the followed container ends", async (t) => {
  await inEachShell(t, async (shell) => {
    for (const [grep, expected] of [["4", ["line 4"]], ["no such words", []]] as const) {
      const { code, lines } = await run(shell, { isLive: true, grep });
      assertEquals([code, lines], [0, expected]);
    }
  });
});

Deno.test("podmanReader() reports podman's errors, and does not take them for the log", async (t) => {
  await inEachShell(t, async (shell) => {
    const { code, stderr, lines } = await run(shell, { until: hour(9) });
    assertEquals([code, stderr, lines], [NO_CONTAINER, "Error: no such time\n", ["web"]]);
  });
});

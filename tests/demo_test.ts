import { assertEquals } from "@std/assert";
import { importFlags } from "./connect.ts";
import { testWithPty } from "./with_pty.ts";

/** What differs from run to run. */
function settled(transcript: string): string {
  const lines = transcript
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/10\.77\.0\.\d+ */g, "ADDRESS ")
    .replaceAll(/^(← \w+) +\d+ +[\d.]+ MB .*$/gm, "$1 METRICS")
    .replaceAll(/(<<<\w+ |>>>)[0-9a-f]{8}/g, "$1MARK")
    .replaceAll(/\b\d+ ms\b/g, "DURATION")
    .replaceAll(/"terminal_id":"\w+"/g, '"terminal_id":"ID"')
    // Not every vi draws the same.
    .replaceAll(/(<<<screen .*\n)(?:← .*\n)*?(← >>>)/g, "$1$2")
    .trim()
    .split("\n")
    .map((line) => line.trimEnd());
  // Three creations at once report in any order, and a line may be logged more than once.
  const reports = new Set(lines.filter((line) => line.startsWith("… ")).sort());
  return [...lines.filter((line) => !line.startsWith("… ")), ...reports].join("\n");
}

testWithPty("make demo runs, and the README shows what it prints", async () => {
  const demo = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=test", ...importFlags, "scripts/demo.ts"],
    cwd: new URL("..", import.meta.url),
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await demo.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  const shown = /<!-- demo:begin -->\n\n?```\n([\s\S]*?)```\n/.exec(readme)?.[1] ?? "";
  assertEquals(settled(shown), settled(new TextDecoder().decode(stdout)));
}, ["vi"]);

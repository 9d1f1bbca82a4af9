/**
 * `docs/demo.md`: what `make demo` prints. Running this puts it between the page's markers, unless
 * the page already has an equal transcript.
 *
 * @module
 */
import { assert } from "@std/assert";
import { importFlags } from "../tests/connect.ts";
import { whyNoPty } from "../tests/daemon/mod.ts";
import { whyMissing } from "../tests/needs.ts";
import { between } from "./markdown.ts";
import { settled } from "./settled.ts";

const pageUrl = new URL("../docs/demo.md", import.meta.url);

/** Runs the demo; returns what it printed, without what differs between runs. Throws if it fails. */
export async function runDemo(): Promise<string> {
  const demo = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=test", ...importFlags, "scripts/demo.ts"],
    cwd: new URL("..", import.meta.url),
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await demo.output();
  assert(code === 0, new TextDecoder().decode(stderr));
  return settled(new TextDecoder().decode(stdout));
}

/** Returns the transcript that a page shows; empty if it shows none. */
export function transcriptIn(page: string): string {
  return /<!-- demo:begin -->\n\n?```text\n([\s\S]*?)```\n/.exec(page)?.[1] ?? "";
}

/** Returns a transcript in a form that compares equal for any two runs of the same demo. */
export function comparable(transcript: string): string {
  const lines = settled(transcript)
    // Addresses are assigned in the order in which creations reach the daemon.
    .replaceAll(/10\.77\.0\.\d+ */g, "ADDRESS ")
    .replaceAll(/^(← \w+) +\d+ +[\d.]+ MB .*$/gm, "$1 METRICS")
    // Versions of vi draw differently.
    .replaceAll(/(<<<screen .*\n)(?:← .*\n)*?(← >>>)/g, "$1$2")
    .split("\n");
  // Three creations at once report in any order, and a line may be logged more than once.
  const reports = new Set(lines.filter((line) => line.startsWith("… ")).sort());
  return [...lines.filter((line) => !line.startsWith("… ")), ...reports].join("\n");
}

// A machine without a pty, or without vi, shows less.
if (import.meta.main && await whyNoPty() === undefined && whyMissing(["vi"]) === undefined) {
  const page = await Deno.readTextFile(pageUrl);
  const transcript = await runDemo();
  if (comparable(transcriptIn(page)) !== comparable(transcript)) {
    const block = `\`\`\`text\n${transcript}\n\`\`\`\n`;
    await Deno.writeTextFile(pageUrl, between(page, "demo", block));
  }
}

/**
 * `make bench`: measures this server beside a bare JSON-RPC loop, and a peer if one is given, in turns and in
 * one run. Prints the figures and which targets hold, and writes them to `dist/bench.json`. Fails only if
 * something cannot be measured: times depend on the machine.
 *
 * @module
 */
import type { BenchContext, Measurement } from "./bench/bench_context.ts";
import { BenchDaemon } from "./bench/bench_daemon.ts";
import { measureBulk } from "./bench/measure_bulk.ts";
import { measureCalls } from "./bench/measure_calls.ts";
import { measureCommands } from "./bench/measure_commands.ts";
import { measureBehindCreate, measureBurst } from "./bench/measure_concurrency.ts";
import { measureFiles } from "./bench/measure_files.ts";
import { measureFleets } from "./bench/measure_fleets.ts";
import { measureLongLine } from "./bench/measure_long_line.ts";
import { measureMemory } from "./bench/measure_memory.ts";
import { measureStart } from "./bench/measure_start.ts";
import { measureToolsList } from "./bench/measure_tools_list.ts";
import { chosenParts, planOf } from "./bench/plan.ts";
import { type Circumstances, reportJson, reportText } from "./bench/report.ts";
import type { Section } from "./bench/section.ts";
import { bundle, compiledBinary, peerOf, type Subject } from "./bench/subject.ts";
import { between } from "./markdown.ts";
import { print } from "./print.ts";

const measurements: Readonly<Record<string, Measurement>> = {
  start: measureStart,
  tools: measureToolsList,
  calls: measureCalls,
  burst: measureBurst,
  behind: measureBehindCreate,
  fleets: measureFleets,
  line: measureLongLine,
  bulk: measureBulk,
  commands: measureCommands,
  files: measureFiles,
  memory: measureMemory,
};

async function bench(): Promise<void> {
  const mode = Deno.env.get("BENCH") ?? "";
  const isForPage = mode === "page";
  const plan = planOf(isForPage ? "full" : mode);
  const names = Object.keys(measurements);
  const parts = chosenParts(names, Deno.env.get("BENCH_ONLY"));
  const isComplete = plan.mode === "full" && names.every((name) => parts.includes(name));
  if (isForPage && !isComplete) {
    throw new Error("Cannot write the page: BENCH_ONLY leaves out some of its figures");
  }
  const [load = 0] = Deno.loadavg();
  const { servers, notes } = await programs();
  const binaryFlags = Deno.args.filter((arg) => arg.startsWith("--v8-flags="));
  const context: BenchContext = { plan, servers, binaryFlags };
  const sections: Section[] = [{ tables: [], targets: [], notes }];
  for (const [name, measure] of Object.entries(measurements)) {
    if (!parts.includes(name)) continue;
    const started = performance.now();
    sections.push(await measure(context));
    await print(`${name}: ${((performance.now() - started) / 1_000).toFixed(1)} s`, Deno.stderr);
  }
  const circumstances: Circumstances = {
    ...await machineNow(),
    mode: `${plan.mode}, load at its start ${load.toFixed(1)}`,
    isComplete,
  };
  const text = reportText(sections, circumstances);
  await Deno.writeTextFile(file("dist/bench.json"), reportJson(sections, circumstances) + "\n");
  if (isForPage) await writePage(text);
  await print(text);
}

/** Returns this server in its forms, and the peer if one is given. */
async function programs(): Promise<{ servers: readonly Subject[]; notes: readonly string[] }> {
  await using daemon = await BenchDaemon.start();
  const binary = await compiledBinary(daemon);
  const peer = Deno.env.get("BENCH_PEER") ?? "";
  const servers = [
    bundle,
    ...(typeof binary === "string" ? [] : [binary]),
    ...(peer === "" ? [] : [peerOf(peer)]),
  ];
  return {
    servers,
    notes: [
      ...(typeof binary === "string" ? [binary] : []),
      ...(peer === "" ? ['a peer: BENCH_PEER="command" names one'] : []),
    ],
  };
}

async function machineNow(): Promise<Pick<Circumstances, "at" | "machine" | "deno">> {
  const cpu = Deno.build.os === "linux" ? await processorName() : undefined;
  const processors = `${navigator.hardwareConcurrency} processors`;
  return {
    at: new Date(),
    machine: [Deno.build.os, cpu, processors].filter((part) => part !== undefined).join(", "),
    deno: Deno.version.deno,
  };
}

async function processorName(): Promise<string | undefined> {
  const cat = new Deno.Command("cat", { args: ["/proc/cpuinfo"], stderr: "null" });
  const text = new TextDecoder().decode((await cat.output()).stdout);
  return /^model name\s*: (.+)$/m.exec(text)?.[1];
}

async function writePage(text: string): Promise<void> {
  const path = file("docs/performance.md");
  const page = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, between(page, "figures", `\`\`\`text\n${text}\n\`\`\`\n`));
}

function file(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}

await bench();

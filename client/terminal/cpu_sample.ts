import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import type { ContainerTerminal } from "./terminal.ts";

/** Options of a CPU measurement. */
export interface SampleOptions extends CallOptions {
  /** Seconds to measure. */
  readonly seconds: number;
}

/** CPU use of a container while it was measured. */
export interface CpuSample {
  /** Percent of one core: 200 is two cores. */
  readonly cpuPercent: number;
  /** Resolution, in percent of one core. */
  readonly resolutionPercent: number;
}

/** Two clocks with a resolution of 10 ms, and the cost of the measurement itself. */
const ERROR_SECONDS = 0.03;
/** Milliseconds that the command may take beyond the measurement. */
const GRACE_MS = 10_000;

/**
 * Prints microseconds of CPU time and seconds of the clock, before and after. Control groups of
 * version 1 count nanoseconds.
 */
function script(seconds: number): string {
  return `cpu() {
  cat /sys/fs/cgroup/cpu.stat 2>/dev/null | while read -r key value; do
    if [ "$key" = usage_usec ]; then echo "$value"; fi
  done
}
cpu_v1() { v=$(cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null) && echo $((v / 1000)); }
both() { u=$(cpu); [ "$u" ] || u=$(cpu_v1); echo "$u $(cat /proc/uptime)"; }
both && sleep ${seconds} && both`;
}

/**
 * Measures the CPU use of a container from inside: its control group counts microseconds, where the
 * daemon counts whole seconds.
 *
 * @throws {ContainariumError} As `terminal.run`; `unsupported` if the container does not count
 */
export async function sampleCpu(
  terminal: ContainerTerminal,
  { seconds, signal }: SampleOptions,
): Promise<CpuSample> {
  const { exitCode, stdout } = await terminal.run(script(seconds), {
    signal,
    timeoutMs: seconds * 1_000 + GRACE_MS,
    maxBytes: 1_000,
  });
  const [before, after] = new TextDecoder().decode(stdout).trim().split("\n").map(readLine);
  if (exitCode !== 0 || before === undefined || after === undefined) throw cannotCount();
  const [usedSeconds, elapsedSeconds] = [after.cpu - before.cpu, after.clock - before.clock];
  if (!(usedSeconds >= 0 && elapsedSeconds > 0)) throw cannotCount();
  return {
    cpuPercent: 100 * usedSeconds / elapsedSeconds,
    resolutionPercent: 100 * ERROR_SECONDS / elapsedSeconds,
  };
}

function readLine(line: string): { readonly cpu: number; readonly clock: number } | undefined {
  const [, cpu, clock] = /^(\d{1,18}) (\d{1,12}(?:\.\d{1,6})?)(?: |$)/.exec(line) ?? [];
  return cpu === undefined ? undefined : { cpu: Number(cpu) / 1e6, clock: Number(clock) };
}

function cannotCount(): ContainariumError {
  return new ContainariumError("unsupported", "The container does not report its CPU time");
}

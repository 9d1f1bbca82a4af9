/** What the system counts of a process; only Linux says so. @module */

/** A process at one moment. */
export interface ProcessStat {
  /** Resident memory. */
  readonly memoryMiB: number;
  /** Processor time so far, of the program and of the system for it. */
  readonly cpuMs: number;
}

/** Milliseconds of one of the kernel's ticks, of which there are 100 a second wherever Deno runs. */
const TICK_MS = 10;

/** Returns what is known of a process; `undefined` where there is no `/proc`. */
export async function statOf(pid: number): Promise<ProcessStat | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  // By way of a program: Deno keeps /proc to who may do all.
  const args = [`/proc/${pid}/stat`, `/proc/${pid}/status`];
  const { stdout, code } = await new Deno.Command("cat", { args, stderr: "null" }).output();
  return code === 0 ? parseStat(new TextDecoder().decode(stdout)) : undefined;
}

/** Reads the text of both files, one behind the other. */
export function parseStat(text: string): ProcessStat | undefined {
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]);
  // The name in parentheses may hold spaces; the state, the 3rd field, follows it.
  const fields = text.slice(text.lastIndexOf(")", text.indexOf("\n")) + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (Number.isNaN(kibibytes) || Number.isNaN(ticks)) return undefined;
  return { memoryMiB: kibibytes / 1024, cpuMs: ticks * TICK_MS };
}

/** Tests and steps that need programs of this machine: where one is missing, the name says so. @module */
import { findTool } from "./daemon/scratch_tools.ts";

/** What a test or a step is called, and whether it is left out. */
export interface Named {
  /** Its name, with the reason where it is left out. */
  readonly name: string;
  /** Whether it is left out. */
  readonly ignore: boolean;
}

/** Names a test that is left out for a reason, if there is one. */
export function unless(reason: string | undefined, name: string): Named {
  return reason === undefined
    ? { name, ignore: false }
    : { name: `${name} (not run: ${reason})`, ignore: true };
}

/** Names a test that needs programs on the PATH: `… (not run: no busybox)` where one is missing. */
export function needing(programs: readonly string[], name: string): Named {
  return unless(whyMissing(programs), name);
}

/** Which of the programs are not on the PATH, in words: `no busybox`. */
export function whyMissing(programs: readonly string[]): string | undefined {
  const missing = programs.filter((program) => findTool(program) === undefined);
  return missing.length === 0 ? undefined : missing.map((program) => `no ${program}`).join(", ");
}

/** Why this machine has no address `::1`, if it has none. */
export function whyNoIpv6(): string | undefined {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return undefined;
  } catch {
    return "no IPv6";
  }
}

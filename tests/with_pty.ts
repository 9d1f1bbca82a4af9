import { whyNoPty } from "./daemon/mod.ts";
import type { LoginShell } from "./daemon/mod.ts";
import { unless, whyMissing } from "./needs.ts";

const reason = await whyNoPty();

/**
 * A test that needs a real pty, and perhaps programs that a machine may lack; where it cannot be run
 * its name says why.
 */
export function testWithPty(
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
  programs: readonly string[] = [],
): void {
  Deno.test({ ...unless(reason ?? whyMissing(["bash", ...programs]), name), fn });
}

/** The program of a login shell. */
export function programOf(login: LoginShell): string {
  return login === "ash" ? "busybox" : login;
}

import { whyNoPty } from "./daemon/mod.ts";

const reason = await whyNoPty();

/** A test that needs a real pty; where there is none its name says that it was not run, and why. */
export function testWithPty(name: string, fn: (t: Deno.TestContext) => Promise<void>): void {
  const ignore = reason !== undefined;
  Deno.test({ name: ignore ? `${name} (not run: ${reason})` : name, ignore, fn });
}

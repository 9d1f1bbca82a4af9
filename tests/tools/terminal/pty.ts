/** Whether this machine can give a container of the simulator a terminal. */
const hasPty = Deno.build.os === "linux" && await canRun("script");

async function canRun(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A test that needs a pseudo terminal. */
export function testWithPty(name: string, fn: (t: Deno.TestContext) => Promise<void>): void {
  Deno.test({
    name: hasPty ? name : `${name} (not run: util-linux script is not on this machine)`,
    ignore: !hasPty,
    fn,
  });
}

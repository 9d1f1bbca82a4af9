/** How a command that the user started is ended by the user. */
import { assertEquals } from "@std/assert";
import { shippedCommand } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";

Deno.test("top without a terminal ends with 130 when it is interrupted", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const child = await start(["top", "--interval", "60"], daemon);
  while (!daemon.requests.some(({ path }) => path.includes("metrics"))) await pause(20);
  await pause(200);
  child.kill("SIGINT");
  assertEquals((await child.status).code, 130);
});

Deno.test("Interrupts ends the process at once at the second Ctrl-C, not at the same one passed on", async () => {
  const program = `
    import { Interrupts } from ${JSON.stringify(import.meta.resolve("../../cli/interrupts.ts"))};
    using interrupts = new Interrupts(() => console.log("put back"));
    interrupts.signal.addEventListener("abort", () => console.log("aborted"));
    console.log("ready");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--ext=ts",
      `data:text/typescript,${encodeURIComponent(program)}`,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  for await (const bytes of child.stdout) {
    text += new TextDecoder().decode(bytes);
    if (text === "ready\n") {
      child.kill("SIGINT");
      await pause(50);
      child.kill("SIGINT");
    } else if (text === "ready\naborted\n") {
      await pause(400);
      child.kill("SIGINT");
    }
  }
  assertEquals(text, "ready\naborted\nput back\n");
  assertEquals((await child.status).code, 130);
});

async function start(
  args: readonly string[],
  daemon: { readonly url: string; token(): Promise<string> },
): Promise<Deno.ChildProcess> {
  const [program, ...flags] = shippedCommand(daemon.url);
  return new Deno.Command(program, {
    args: [...flags, ...args],
    env: {
      CONTAINARIUM_SERVER_URL: daemon.url,
      CONTAINARIUM_JWT_TOKEN: await daemon.token(),
    },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

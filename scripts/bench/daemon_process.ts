/**
 * A simulated daemon in a process of its own, so that it takes no time from the benchmark's. Prints its
 * address and a token as JSON, and the number of requests so far for each line that it reads; ends with
 * its input.
 */
import { startDaemon } from "../../tests/daemon/mod.ts";
import { readSetup, seedsOf } from "./daemon_setup.ts";

const setup = readSetup(Deno.args[0] ?? "");
await using daemon = await startDaemon({
  containers: seedsOf(setup),
  delays: setup.delays,
  ...(setup.hasShells ? { shell: {} } : {}),
});
if (setup.latencyMs > 0) {
  daemon.inject({ kind: "latency", ms: setup.latencyMs, times: Infinity });
}
await print({ url: daemon.url, token: await daemon.token() });
for await (const _line of Deno.stdin.readable) await print({ requests: daemon.requests.length });

async function print(facts: unknown): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(facts)}\n`));
}

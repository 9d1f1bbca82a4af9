/**
 * A daemon simulator to play with: prints its URL and what to export, then serves until it is interrupted.
 *
 *     deno run --allow-net=127.0.0.1 tests/daemon/main.ts [--port N] [--container NAME …] [--version V] [--real-delays]
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { type DaemonOptions, realDelays, startDaemon } from "./mod.ts";
import { type Version, versions } from "./types.ts";

const usage =
  "usage: main.ts [--port N] [--container NAME …] [--version 0.67.0|0.6.0|0.3.0] [--real-delays]\n";

/** The options on the command line, or what is wrong with them. */
function readOptions(args: readonly string[]): DaemonOptions | string {
  const unknown: string[] = [];
  const parsed = parseArgs([...args], {
    string: ["port", "container", "version"],
    boolean: ["real-delays"],
    collect: ["container"],
    default: { port: "0", version: "0.67.0" },
    unknown: (argument: string) => {
      unknown.push(argument);
      return false;
    },
  });
  const port = Number(parsed.port);
  const version = versions.find((known) => known === parsed.version);
  if (unknown.length > 0) return `unknown argument ${unknown[0]}`;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return `bad port "${parsed.port}"`;
  if (version === undefined) return `unknown version "${parsed.version}"`;
  return optionsOf(
    port,
    version,
    [parsed.container ?? []].flat().map(String),
    parsed["real-delays"] === true,
  );
}

function optionsOf(
  port: number,
  version: Version,
  usernames: readonly string[],
  real: boolean,
): DaemonOptions {
  return {
    port,
    version,
    containers: usernames.map((username) => ({ username })),
    ...(real ? { delays: realDelays } : {}),
  };
}

async function write(to: { readonly writable: WritableStream<Uint8Array> }, text: string) {
  const writer = to.writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

async function serve(options: DaemonOptions): Promise<void> {
  await using daemon = await startDaemon(options);
  const thirtyDays = 30 * 24 * 3600;
  const token = await daemon.token({ expiresInSeconds: thirtyDays });
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  // Windows has no SIGTERM to listen to.
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  await write(
    Deno.stdout,
    `Containarium daemon simulator at ${daemon.url}\n` +
      `export CONTAINARIUM_SERVER_URL=${daemon.url}\n` +
      `export CONTAINARIUM_JWT_TOKEN=${token}\n`,
  );
  await interrupted;
  for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
}

if (import.meta.main) {
  const options = readOptions(Deno.args);
  if (typeof options === "string") {
    await write(Deno.stderr, `${options}\n${usage}`);
    Deno.exitCode = 2;
  } else {
    await serve(options);
  }
}

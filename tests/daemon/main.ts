/**
 * A daemon simulator to play with: prints its URL and what to export, then serves until it is interrupted.
 *
 *     deno run --allow-net=127.0.0.1 tests/daemon/main.ts [--port N] [--container NAME …] [--version V]
 *       [--zfs] [--real-delays]
 *
 * With `--zfs` it has snapshots, which hold the homes of the containers' users where there are shells.
 * With `--shell` the terminals of the containers are shells on this very machine, with the rights of whoever
 * starts it; the port and the secret of the tokens are new ones at each start. It needs util-linux `script`:
 *
 *     deno run --allow-net=127.0.0.1 --allow-run=script,sh --allow-read --allow-write \
 *       --allow-env=PATH,WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE \
 *       tests/daemon/main.ts --shell [--login bash|dash|ash] [--container NAME …]
 *
 * (`sh` lists and ends what runs there; links to tools are made in a scratch folder, which Deno allows only
 * to who may read and write everything.)
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { type DaemonOptions, loginShells, realDelays, startDaemon, whyNoPty } from "./mod.ts";
import { versions } from "./types.ts";

const usage =
  "usage: main.ts [--port N] [--container NAME …] [--version 0.67.0|0.6.0|0.3.0] [--zfs] [--real-delays]\n" +
  "       main.ts --shell [--login bash|dash|ash] [--container NAME …] [--version V] [--zfs] [--real-delays]\n";

const shellWarning =
  "WARNING: its terminals are shells on this very machine, with your rights. Who has the token can run\n" +
  "anything as you: keep it to yourself, and stop the simulator when you are done.\n";

/** The options on the command line, or what is wrong with them. */
function readOptions(args: readonly string[]): DaemonOptions | string {
  const unknown: string[] = [];
  const parsed = parseArgs([...args], {
    string: ["port", "container", "version", "login"],
    boolean: ["real-delays", "shell", "zfs"],
    collect: ["container"],
    default: { version: "0.67.0" },
    unknown: (argument: string) => {
      unknown.push(argument);
      return false;
    },
  });
  const port = Number(parsed.port ?? "0");
  const login = loginShells.find((known) => known === (parsed.login ?? "bash"));
  const version = versions.find((known) => known === parsed.version);
  if (unknown.length > 0) return `unknown argument ${unknown[0]}`;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return `bad port "${parsed.port}"`;
  if (version === undefined) return `unknown version "${parsed.version}"`;
  if (login === undefined) return `unknown login shell "${parsed.login}"`;
  const shell = parsed.shell === true;
  if (!shell && parsed.login !== undefined) return "--login needs --shell";
  // Who knows neither the port nor the secret of last time cannot get at the shell.
  if (shell && parsed.port !== undefined) return "--port cannot be chosen with --shell";
  const usernames = [parsed.container ?? []].flat().map(String);
  return {
    port,
    version,
    containers: usernames.map((username) => ({ username })),
    zfs: parsed.zfs === true,
    ...(parsed["real-delays"] === true ? { delays: realDelays } : {}),
    ...(shell ? { shell: { login }, jwtSecret: newSecret() } : {}),
  };
}

function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

async function write(to: { readonly writable: WritableStream<Uint8Array> }, text: string) {
  const writer = to.writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

async function serve(options: DaemonOptions): Promise<void> {
  const warning = options.shell === undefined ? "" : shellWarning;
  await using daemon = await startDaemon(options);
  const thirtyDays = 30 * 24 * 3600;
  const token = await daemon.token({ expiresInSeconds: thirtyDays });
  const [username = "alice"] = options.containers?.map((each) => each.username) ?? [];
  const usersToken = await daemon.token({ username, expiresInSeconds: thirtyDays });
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  // Windows has no SIGTERM to listen to.
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  await write(
    Deno.stdout,
    `Containarium daemon simulator at ${daemon.url}\n` + warning +
      `export CONTAINARIUM_SERVER_URL=${daemon.url}\n` +
      `export CONTAINARIUM_JWT_TOKEN=${token}\n` +
      `# Or, to see what ${username} may not do without the admin role:\n` +
      `# export CONTAINARIUM_JWT_TOKEN=${usersToken}\n`,
  );
  await interrupted;
  for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
}

if (import.meta.main) {
  const options = readOptions(Deno.args);
  const noPty = typeof options !== "string" && options.shell !== undefined
    ? await whyNoPty()
    : undefined;
  if (typeof options === "string") {
    await write(Deno.stderr, `${options}\n${usage}`);
    Deno.exitCode = 2;
  } else if (noPty !== undefined) {
    await write(
      Deno.stderr,
      `There can be no terminals on this machine: ${noPty}. Without them: ` +
        "deno run --allow-net=127.0.0.1 tests/daemon/main.ts --zfs --container alice\n",
    );
    Deno.exitCode = 1;
  } else {
    await serve(options);
  }
}

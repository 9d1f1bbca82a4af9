/**
 * The MCP client of the tests: starts the real server process with the permissions that are
 * shipped, speaks JSON-RPC to it over its stdin and stdout, and checks on closing that it wrote
 * nothing else and asked for nothing more.
 *
 * @module
 */
import metadata from "../deno.json" with { type: "json" };
import { checkAudit } from "./audit.ts";
import type { Daemon } from "./daemon/mod.ts";
import { Session } from "./session.ts";

export { type CallResult, type Message, type RpcAnswer, RpcFailure, Session } from "./session.ts";

/** A daemon by its address and a token for it. */
export interface Target {
  readonly url: string;
  readonly token: string;
}

/** How the server is started. */
export interface ConnectOptions {
  /** Set in the server's environment, over what it needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the client declares in `initialize`. @default {{}} */
  readonly capabilities?: Readonly<Record<string, unknown>>;
  /** False: nothing is sent. @default {true} */
  readonly initialize?: boolean;
  /** Another program than `deno run main.ts`: the bundle, the binary. Its permissions are not audited. */
  readonly command?: readonly [string, ...string[]];
}

/** What the shipped command line grants by name. */
export const shippedEnv: readonly string[] = metadata.permissions.default.env;

/** The flags without which imports do not resolve on a machine that cannot reach JSR. */
export const importFlags: readonly string[] = import.meta.resolve("@std/assert").startsWith("jsr:")
  ? []
  : [
    `--import-map=${new URL("../npm/imports.json", import.meta.url).pathname}`,
    `--lock=${new URL("../npm/deno.lock", import.meta.url).pathname}`,
  ];

/** `deno run` as the README ships it, for a daemon's address. */
export function shippedCommand(url: string): [string, ...string[]] {
  return [
    Deno.execPath(),
    "run",
    "--no-prompt",
    "--cached-only",
    ...importFlags,
    `--allow-net=${new URL(url).host}`,
    `--allow-env=${shippedEnv.join(",")}`,
    import.meta.resolve("../main.ts"),
  ];
}

/** Starts the server for a daemon, as an admin unless another token is given, and initializes it. */
export async function connect(
  daemon: Daemon | Target,
  options: ConnectOptions = {},
): Promise<Session> {
  const token = typeof daemon.token === "string" ? daemon.token : await daemon.token();
  const folder = await Deno.makeTempDir();
  const audit = `${folder}/audit.jsonl`;
  const [program, ...args] = options.command ?? shippedCommand(daemon.url);
  const process = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: {
      ...inherited(),
      HOME: folder,
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      DENO_AUDIT_PERMISSIONS: audit,
      CONTAINARIUM_SERVER_URL: daemon.url,
      CONTAINARIUM_JWT_TOKEN: token,
      ...options.env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const session = new Session(process, async () => {
    if (options.command === undefined) {
      await checkAudit(audit, { env: shippedEnv, host: new URL(daemon.url).host });
    }
    await Deno.remove(folder, { recursive: true });
  });
  if (options.initialize !== false) await session.initialize(options.capabilities ?? {});
  return session;
}

/** What any program needs, and Deno's cache, which is found by HOME otherwise. */
function inherited(): Record<string, string> {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? "";
  const found: Record<string, string> = {};
  for (const name of ["PATH", "SystemRoot", "TEMP", "TMP"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) found[name] = value;
  }
  found.DENO_DIR = Deno.env.get("DENO_DIR") ?? defaultDenoDir(home);
  return found;
}

function defaultDenoDir(home: string): string {
  switch (Deno.build.os) {
    case "darwin":
      return `${home}/Library/Caches/deno`;
    case "windows":
      return `${Deno.env.get("LOCALAPPDATA") ?? home}\\deno`;
    default:
      return `${Deno.env.get("XDG_CACHE_HOME") ?? `${home}/.cache`}/deno`;
  }
}

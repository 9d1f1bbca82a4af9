/**
 * The MCP client of the tests: speaks JSON-RPC to a server over its stdin and stdout, and checks on
 * closing that it wrote nothing else. `connect` runs the server in the test's own process;
 * `connectProcess` starts the real one, with the permissions that are shipped, and checks that it
 * asked for nothing more. A test uses the latter only for what just a process has: permissions,
 * signals, pipes, memory.
 *
 * @module
 */
import { assert } from "@std/assert";
import metadata from "../deno.json" with { type: "json" };
import { checkAudit } from "./audit.ts";
import type { Daemon } from "./daemon/mod.ts";
import { startInProcess } from "./in_process.ts";
import { ProcessSession, Session } from "./session.ts";
import { makeTempFolder } from "./temp.ts";

export {
  type CallResult,
  type Message,
  ProcessSession,
  type RpcAnswer,
  RpcFailure,
  Session,
} from "./session.ts";

/** A daemon by its address and a token for it. */
export interface Target {
  readonly url: string;
  readonly token: string;
}

/** How the server is started. */
export interface ConnectOptions {
  /** The command line. @default {[]} */
  readonly args?: readonly string[];
  /** Set in the server's environment, over what it needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the client declares in `initialize`. @default {{}} */
  readonly capabilities?: Readonly<Record<string, unknown>>;
  /** False: nothing is sent. @default {true} */
  readonly initialize?: boolean;
}

/** How the process is started. */
export interface ProcessOptions extends ConnectOptions {
  /** Files and folders that `--allow-read` names. @default {[]} */
  readonly read?: readonly string[];
  /** Files and folders that `--allow-write` names. @default {[]} */
  readonly write?: readonly string[];
  /** Hosts with ports that it may reach besides the daemon's. @default {[]} */
  readonly net?: readonly string[];
  /** A module that is run before the server. */
  readonly preload?: string;
  /** Another program than `deno run main.ts`: the bundle, the binary. Its permissions are not audited. */
  readonly command?: readonly [string, ...string[]];
}

/** Where no `.containarium` is, for each system. */
const nobody = { HOME: "/nonexistent", USERPROFILE: "/nonexistent" };

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

/** Connects to a server for a daemon, as an admin unless another token is given, and initializes it. */
export async function connect(
  daemon: Daemon | Target,
  { args = [], env = {}, ...options }: ConnectOptions = {},
): Promise<Session> {
  const unread = Object.keys(env).find((name) => !shippedEnv.includes(name));
  assert(unread === undefined, `The server itself does not read ${unread}: use connectProcess`);
  const peer = startInProcess(args, { ...nobody, ...await variablesOf(daemon), ...env });
  return await greet(new Session(peer), options);
}

/** The same with the server in a process of its own. */
export async function connectProcess(
  daemon: Daemon | Target,
  { args = [], env = {}, read = [], write = [], net = [], preload, command, ...options }:
    ProcessOptions = {},
): Promise<ProcessSession> {
  const folder = await makeTempFolder();
  const audit = `${folder.path}/audit.jsonl`;
  const [program, ...flags] = command ??
    commandWith(daemon.url, { read, write, net, preload });
  const process = new Deno.Command(program, {
    args: [...flags, ...args],
    clearEnv: true,
    env: {
      ...inherited(),
      HOME: folder.path,
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      ...(command === undefined ? { DENO_AUDIT_PERMISSIONS: audit } : {}),
      ...await variablesOf(daemon),
      ...env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const session = new ProcessSession(process, async () => {
    try {
      if (command !== undefined) return;
      const hosts = [new URL(daemon.url).host, ...net];
      await checkAudit(audit, { env: shippedEnv, hosts, read, write });
    } finally {
      await folder[Symbol.asyncDispose]();
    }
  });
  return await greet(session, options);
}

async function greet<S extends Session>(
  session: S,
  { initialize = true, capabilities = {} }: ConnectOptions,
): Promise<S> {
  await using started = new AsyncDisposableStack();
  started.use(session);
  if (initialize) await session.initialize(capabilities);
  started.move();
  return session;
}

/** What names the daemon and the token for it. */
async function variablesOf({ url, token }: Daemon | Target): Promise<Record<string, string>> {
  return {
    CONTAINARIUM_SERVER_URL: url,
    CONTAINARIUM_JWT_TOKEN: typeof token === "string" ? token : await token(),
  };
}

interface Additions extends Pick<ProcessOptions, "read" | "write" | "net"> {
  readonly preload?: string | undefined;
}

/** The shipped command with files that may be read or written, and hosts that may be reached. */
export function commandWith(
  url: string,
  { read = [], write = [], net = [], preload }: Additions,
): [string, ...string[]] {
  const [deno, ...shipped] = shippedCommand(url);
  const main = shipped.pop() ?? "";
  const flags = shipped.map((flag) =>
    flag.startsWith("--allow-net=") ? [flag, ...net].join(",") : flag
  );
  const allowRead = read.length === 0 ? [] : [`--allow-read=${read.join(",")}`];
  const allowWrite = write.length === 0 ? [] : [`--allow-write=${write.join(",")}`];
  const first = preload === undefined ? [] : [`--preload=${preload}`];
  return [deno, ...flags, ...first, ...allowRead, ...allowWrite, main];
}

/** The variables that any program needs, and Deno's cache, which is found by HOME otherwise. */
export function inherited(): Record<string, string> {
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

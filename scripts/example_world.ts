/**
 * Where the calls of `examples.ts` happen: two simulated hosts with what the calls need, GitHub, a folder
 * of files and a policy.
 *
 * @module
 */
import { startRunnerWorld } from "../tests/github/runner_box.ts";
import type { Daemon, DaemonOptions } from "../tests/daemon/mod.ts";
import { makeTempFolder } from "../tests/temp.ts";
import { startTwoHosts } from "../tests/two_hosts.ts";
import { journal } from "./demo/inside.ts";
import { finding, podman } from "./demo/opt_in.ts";

/** A policy with templates, quotas and a grace. */
export const policy = {
  templates: {
    web: { description: "Node.js behind port 3000", cpu: "1", memory: "1GB", stack: "nodejs" },
    ci: { description: "A runner", cpu: "1", memory: "1GB", disk: "10GB", labels: { team: "ci" } },
  },
  quotas: {
    users: { "*": { cpu: 8 } },
    teams: { ci: { containers: 4, cpu: 4 } },
    without_team: "ignore",
  },
  "delete_grace": { teams: { web: "24h" } },
};

/** Of the databases. */
export const password = "correct-horse";
const databases = { appdb: 3 };
/** Stands for a folder of the user's machine. */
export const site = "/home/me/site";

/** Hosts, and what a server for them is started with. */
export interface ExampleWorld extends AsyncDisposable {
  /** The host that is spoken to. */
  readonly daemon: Daemon;
  /** Variables of the server's, for GitHub. */
  readonly env: Readonly<Record<string, string>>;
  /** The user's folder. */
  readonly folder: string;
  /** Returns the arguments of a call with the folder that really is there. */
  located<T extends Readonly<Record<string, unknown>>>(args: T): T;
}

/** Starts it, with containers besides those that the calls create. */
export async function startExampleWorld(
  containers: NonNullable<DaemonOptions["containers"]> = [],
): Promise<ExampleWorld> {
  await using made = new AsyncDisposableStack();
  const world = made.use(await startRunnerWorld());
  const hosts = made.use(
    await startTwoHosts({
      containers,
      shell: { journal, programs: { ...world.programs, podman } },
      zfs: true,
      gpus: 1,
      coreServices: ["security", "victoriametrics"],
      findings: [finding],
      kms: "inproc",
      secrets: [{ username: "zoe", name: "OLD_KEY", value: "sk-7c4a8d09", legacy: true }],
      clock: () => Date.parse("2026-11-20T08:00:00Z"),
      postgresBoxes: ["alice", "bob"].map((username) => ({
        username,
        user: "app",
        password,
        databases,
      })),
    }),
  );
  const folder = made.use(await makeTempFolder());
  await folder.write("index.html", "<h1>Hello</h1>");
  await folder.write("notes.bak", "old");
  const all = made.move();
  return {
    daemon: hosts.near,
    env: world.env,
    folder: folder.path,
    located: (args) => located(args, folder.path),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function located<T extends Readonly<Record<string, unknown>>>(args: T, folder: string): T {
  const { local } = args;
  return typeof local === "string" ? { ...args, local: local.replace(site, folder) } : args;
}

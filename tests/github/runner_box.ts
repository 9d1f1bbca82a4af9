/** What an installation of a runner meets in a container: stand-ins of what it calls, and its program. @module */
import { makeTempFolder, type TempFolder } from "../temp.ts";
import { type GitHubSimulator, startGitHub } from "./github_simulator.ts";

/** GitHub, and containers that can become runners. */
export interface RunnerWorld extends AsyncDisposable {
  /** GitHub. Runners whose service was started are connected. */
  readonly github: GitHubSimulator;
  /** Checksum of the runner's program. */
  readonly sha256: string;
  /** For `shell` of `startDaemon`. */
  readonly programs: Readonly<Record<string, string>>;
  /** The environment of a server that may use GitHub. */
  readonly env: Readonly<Record<string, string>>;
  /** What was called in the containers, one a line. */
  calls(): Promise<readonly string[]>;
}

/** Starts one. */
export async function startRunnerWorld(): Promise<RunnerWorld> {
  await using made = new AsyncDisposableStack();
  const folder = made.use(await makeTempFolder());
  const program = await packProgram(folder);
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(program));
  const sha256 = new Uint8Array(digest).toHex();
  const github = made.use(startGitHub({
    sha256,
    connected: () => linesOf(`${folder.path}/online`),
  }));
  const all = made.move();
  return {
    github,
    sha256,
    programs: programsOf(folder.path, program),
    env: { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url },
    calls: () => Promise.resolve(linesOf(`${folder.path}/calls`)),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** The runner's program: scripts that write down how they are called. */
async function packProgram({ path }: TempFolder): Promise<string> {
  const note = (name: string, more = "") =>
    `#!/bin/sh\nprintf '${name} %s token=%s\\n' "$*" "\${ACTIONS_RUNNER_INPUT_TOKEN-}" >>'${path}/calls'\n${more}`;
  const keepName = 'while [ $# -gt 0 ]; do [ "$1" != --name ] || echo "$2" >.runner; shift; done\n';
  const scripts = {
    "config.sh": note("config", keepName),
    "svc.sh": note("service", `[ "$1" != start ] || cat .runner >>'${path}/online'\n`),
    "bin/installdependencies.sh": note("dependencies"),
  };
  for (const [name, script] of Object.entries(scripts)) {
    await Deno.mkdir(`${path}/program/bin`, { recursive: true });
    await Deno.writeTextFile(`${path}/program/${name}`, script, { mode: 0o755 });
  }
  const args = ["czf", `${path}/runner.tar.gz`, "-C", `${path}/program`, "."];
  await new Deno.Command("tar", { args }).output();
  return `${path}/runner.tar.gz`;
}

function programsOf(folder: string, program: string): Readonly<Record<string, string>> {
  return {
    curl: `while [ "$1" != -o ]; do shift; done\ncp '${program}' "$2"\n`,
    id: "exit 1\n",
    useradd: `echo "useradd $*" >>'${folder}/calls'\n`,
    // The home of root, which is the container's own.
    getent: `echo "ghrunner:x:999:999::$HOME:/bin/bash"\n`,
    runuser: `shift 3\nexec "$@"\n`,
    chown: "exit 0\n",
    uname: "echo x86_64\n",
  };
}

function linesOf(path: string): readonly string[] {
  try {
    return Deno.readTextFileSync(path).split("\n").filter((line) => line !== "");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

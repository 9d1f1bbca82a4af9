/** What the tests of the tools for files share. @module */
import { connect, type ConnectOptions, type Session } from "../../connect.ts";
import type { Daemon } from "../../daemon/mod.ts";
import { startShells } from "../../client/terminal/shell_daemon.ts";
import { makeTempFolder, type TempFolder } from "../../temp.ts";

/** A server, a container, and a folder of the user's machine. */
export interface FolderStage extends AsyncDisposable {
  /** The simulated daemon. */
  readonly daemon: Daemon;
  /** The conversation. */
  readonly server: Session;
  /** A folder of the user's machine. */
  readonly local: TempFolder;
  /** The home of the container's owner. */
  readonly home: string;
}

/** Sets one up, with the toolset `files`. */
export async function folderStage(options: ConnectOptions = {}): Promise<FolderStage> {
  await using made = new AsyncDisposableStack();
  const local = made.use(await makeTempFolder());
  const daemon = made.use(await startShells());
  const args = ["--toolsets", "default,files"];
  const server = made.use(await connect(daemon, { args, ...options }));
  const all = made.move();
  return {
    daemon,
    server,
    local,
    home: daemon.home("alice"),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Writes files with their folders. */
export async function writeFiles(
  root: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const full = `${root}/${path}`;
    await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(full, text);
  }
}

/** Returns the paths of the files below a folder. */
export async function filesIn(root: string, below = ""): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${below}`)) {
    const path = below === "" ? name : `${below}/${name}`;
    if (isDirectory) paths.push(...await filesIn(root, path));
    else paths.push(path);
  }
  return paths.toSorted();
}

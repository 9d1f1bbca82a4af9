/**
 * What runs with a mark in its environment or on its command line, and lies in folders that have it in
 * their names. By way of a shell: `/proc` and `/dev` are closed to Deno without all permissions.
 *
 * @module
 */

const findProcesses = `for path in $(grep -laF -f - /proc/[0-9]*/environ /proc/[0-9]*/cmdline); do
  folder=\${path%/*}
  [ ! -e "$folder/exe" ] ||
    printf '%s %s\\n' "\${folder#/proc/}" "$(tr '\\0\\n' '  ' <"$folder/cmdline" | head -c 150)"
done`;
const findFolders =
  'read -r mark; read -r home; for place in /dev/shm /tmp "$home"; do ls -d "$place/.cx.$mark"; done';

/** The numbers and command lines of processes. */
export function processesMarked(mark: string): Promise<readonly string[]> {
  return linesOf(findProcesses, mark);
}

/** Folders of an agent in `/dev/shm`, `/tmp` and its home. */
export function foldersMarked(mark: string, home: string): Promise<readonly string[]> {
  return linesOf(findFolders, `${mark}\n${home}`);
}

/** Who the agent is to which a folder belongs. */
export async function ownerOf(folder: string): Promise<number> {
  const [line] = await linesOf('read -r folder; cat "$folder/pid"', folder);
  const pid = Number(line);
  // 0 would be all of us.
  if (!(pid > 1)) throw new Error(`No agent in ${folder}: ${line}`);
  return pid;
}

/** Looks until nothing is found; fails when it stays. */
export async function untilNone(
  look: () => Promise<readonly string[]>,
  seconds: number,
): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const left = await look();
    if (left.length === 0) return;
    if (performance.now() > end) throw new Error(`Left behind:\n${left.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Kills a process, if it is there. */
export function kill(pid: number): void {
  if (!(pid > 1)) throw new Error(`Not a process: ${pid}`);
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The input is no argument: a shell that looks for it would find itself. */
async function linesOf(script: string, input: string): Promise<readonly string[]> {
  const child = new Deno.Command("sh", {
    args: ["-c", script],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${input}\n`));
  await writer.close();
  const { stdout } = await child.output();
  return [...new Set(new TextDecoder().decode(stdout).split("\n"))].filter((line) => line !== "");
}

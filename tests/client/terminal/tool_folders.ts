/** Folders of tools for a PATH, as they are in containers that lack some of them. @module */
import { findTool } from "../../daemon/scratch_tools.ts";

const all =
  `awk base64 bash busybox cat cksum cut dash dd env grep gzip head id mkdir mkfifo perl pgrep
pkill printf rm script seq setsid sh sleep stty tail tee tr wc yes`.split(/\s+/);

/** A folder that is removed at the end. */
export interface ToolFolder extends AsyncDisposable {
  /** Where it is. */
  readonly path: string;
}

/** This machine's tools but for some. */
export async function toolsWithout(...missing: readonly string[]): Promise<ToolFolder> {
  const folder = await makeFolder();
  for (const name of all) {
    const target = findTool(name);
    if (target === undefined || missing.includes(name)) continue;
    await Deno.symlink(target, `${folder.path}/${name}`);
  }
  return folder;
}

/** Nothing but busybox, in all its roles. */
export async function toolsOfBusybox(): Promise<ToolFolder> {
  const folder = await makeFolder();
  const busybox = findTool("busybox") ?? "busybox";
  const { stdout } = await new Deno.Command(busybox, { args: ["--list"] }).output();
  for (const name of new TextDecoder().decode(stdout).trim().split("\n")) {
    await Deno.symlink(busybox, `${folder.path}/${name}`);
  }
  return folder;
}

/** All, and a `sudo` that as the real one passes no variables on. */
export async function toolsWithSudo(): Promise<ToolFolder> {
  const folder = await toolsWithout();
  const sudo = '#!/bin/sh\n[ "$1" != -n ] || shift\nenv -i PATH="$PATH" setsid "$@"\n';
  await Deno.writeTextFile(`${folder.path}/sudo`, sudo, { mode: 0o755 });
  return folder;
}

/** This machine's tools, which count how often each is started. */
export interface CountedTools extends ToolFolder {
  /** Returns what was started since the last time, in alphabetical order. */
  started(): Promise<readonly string[]>;
}

/** This machine's tools, each behind a script that writes down its start; all but busybox, which is known by its file. */
export async function toolsCounted(): Promise<CountedTools> {
  const folder = await toolsWithout();
  const log = `${folder.path}/.started`;
  await Deno.writeTextFile(log, "");
  for (const name of all) {
    const target = findTool(name);
    if (target === undefined || name === "busybox") continue;
    await replaceTool(folder, name, `echo ${name} >>'${log}'\nexec '${target}' "$@"\n`);
  }
  const started = async () => {
    const names = (await Deno.readTextFile(log)).split("\n").filter((name) => name !== "");
    await Deno.writeTextFile(log, "");
    return names.sort();
  };
  return { ...folder, started };
}

/** All, with a base64 that has no options, as an old busybox's. */
export async function toolsWithOldBase64(): Promise<ToolFolder> {
  const folder = await toolsWithout();
  const script = `case $1 in -w) exit 1 ;; esac\nexec '${findTool("base64")}' "$@"\n`;
  await replaceTool(folder, "base64", script);
  return folder;
}

async function replaceTool({ path }: ToolFolder, name: string, script: string): Promise<void> {
  await Deno.remove(`${path}/${name}`);
  await Deno.writeTextFile(`${path}/${name}`, `#!/bin/sh\n${script}`, { mode: 0o755 });
}

async function makeFolder(): Promise<ToolFolder> {
  const path = await Deno.makeTempDir({ prefix: "tools-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

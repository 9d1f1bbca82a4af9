/** The processes and the agents' files of a container, by scripts: Deno keeps /proc and /dev to who may do all. @module */

import { findTool } from "./scratch_tools.ts";

const programs = new URL("bin/", import.meta.url).pathname;

/** Makes a folder the same as another, which stays. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await run("copy_folder", from, to);
}

/** Runs a script with those arguments, and gives its lines, sorted. */
async function run(script: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout, success } = await new Deno.Command(findTool("sh") ?? "sh", {
    args: [`${programs}${script}.sh`, ...args],
    cwd: "/",
    clearEnv: true,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${script}.sh failed`);
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "").sort();
}

/** The command lines of a folder's processes, but for those. */
export async function listProcesses(
  folder: string,
  passOver: readonly number[],
): Promise<readonly string[]> {
  return await run("processes", "list", folder, ...passOver.map(String));
}

/** Kills a folder's processes, those that they start meanwhile included. */
export async function killProcesses(folder: string): Promise<void> {
  await run("processes", "kill", folder);
}

/** The files of agents: those in that home, and those with these nonces where all have theirs. */
export async function listAgentFiles(
  home: string,
  nonces: Iterable<string>,
): Promise<readonly string[]> {
  return await run("agent_files", "list", home, ...nonces);
}

/** Removes those that are not in a home. */
export async function removeAgentFiles(nonces: Iterable<string>): Promise<void> {
  await run("agent_files", "remove", ...nonces);
}

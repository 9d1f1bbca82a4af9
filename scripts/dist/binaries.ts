import metadata from "../../deno.json" with { type: "json" };
import { v8Flags } from "../../launcher/deno_command.ts";
import { folder, type Made, type MakeOptions } from "./release.ts";
import { chosenTargets, isThisSystem, type Target } from "./targets.ts";

/**
 * Makes the binaries. Nothing of the machine that builds them is baked in: they may do anything at first, and
 * then confine themselves to what the configuration of whoever runs them needs (`cli/confine.ts`).
 */
export async function makeBinaries({ isForAll }: MakeOptions): Promise<Made> {
  const made: string[] = [];
  const skipped: string[] = [];
  for (const target of chosenTargets(isForAll)) {
    const problem = await compile(target);
    if (problem === undefined) made.push(target.binary);
    else skipped.push(`${target.binary}: ${problem}`);
  }
  return { made, skipped };
}

/** Compiles for a target; returns why it could not. */
async function compile(target: Target): Promise<string | undefined> {
  const { DENORT_BIN, ...env } = Deno.env.toObject();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "compile",
        "--quiet",
        "--no-config",
        "--no-prompt",
        "--unstable-worker-options",
        "--no-code-cache",
        v8Flags,
      ],
      ...["--allow-net", "--allow-read", "--allow-write"],
      `--allow-env=${metadata.permissions.default.env.join(",")}`,
      ...["--target", target.triple, "--output", `${folder}/${target.binary}`],
      `${folder}/mcp-server.js`,
    ],
    clearEnv: true,
    // A denort from elsewhere is one for this machine.
    env: isThisSystem(target) && DENORT_BIN !== undefined ? { ...env, DENORT_BIN } : env,
    stdin: "null",
    stdout: "null",
  }).output();
  if (success) return undefined;
  const text = new TextDecoder().decode(stderr);
  if (!text.includes("dl.deno.land")) throw new Error(`deno compile failed:\n${text}`);
  return "Deno's part of it could not be downloaded from dl.deno.land";
}

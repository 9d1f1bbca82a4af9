/**
 * Runs the scripts of this folder in a container.
 *
 * @module
 */
import { ContainariumError, type RunResult } from "../../client/mod.ts";
import { containerName, visible } from "../../client/internal.ts";
import type { ToolContext } from "../tool.ts";
import { statusScript } from "./compose_scripts.ts";
import { type ComposeFacts, readFacts } from "./project_facts.ts";

const RUN_MS = 60_000;
const MAX_BYTES = 256 * 1024;

/** Where a script runs. */
export interface ProjectPlace {
  /** Owner of the container. */
  readonly username: string;
  /** Folder of the project; absent: the home. */
  readonly dir?: string | undefined;
}

/** A `~` is the home, which is where the scripts begin. */
export function below(dir: string): string {
  return dir.replace(/^~(?:\/|$)/, "./");
}

/** Returns the project in a folder, with its containers. */
export async function statusOf(args: ProjectPlace, context: ToolContext): Promise<ComposeFacts> {
  return readFacts((await runIn(args, statusScript(below(args.dir ?? ".")), context)).stdout);
}

/**
 * Runs a script.
 *
 * @throws {ContainariumError} `timeout`; `invalid_argument` if there is no such folder
 */
export async function runIn(
  { username, dir = "." }: ProjectPlace,
  script: string,
  { client, signal }: ToolContext,
  stdin = "",
): Promise<RunResult> {
  const options = { signal, stdin, timeoutMs: RUN_MS, maxBytes: MAX_BYTES };
  const result = await client.terminal(username).run(script, options);
  if (result.timedOut) {
    throw new ContainariumError(
      "timeout",
      `Compose in ${containerName(username)} did not answer within ${RUN_MS / 1_000} s`,
    );
  }
  if (result.exitCode === 66) {
    throw new ContainariumError(
      "invalid_argument",
      `There is no folder ${visible(dir)} in ${
        containerName(username)
      }, or its user cannot enter it`,
    );
  }
  return result;
}

import { containerName, delay } from "../../client/internal.ts";
import { ContainariumError, type GitHub, type GitHubRunner } from "../../client/mod.ts";
import { asRoot, rootRefusal } from "../terminal/root.ts";
import { decodeBytes } from "../text/decode_bytes.ts";
import type { ToolContext } from "../tool.ts";
import { installScript, type RunnerIdentity } from "./install_script.ts";

/** A download of 200 MB and packages over a slow line. */
const INSTALL_MS = 15 * 60_000;
const MAX_BYTES = 4_096;
const MAX_PRINTED_CHARS = 300;
const LOOKS = 10;
const LOOK_EVERY_MS = 2_000;

/**
 * Makes a running container a runner.
 *
 * @param token Registration token
 * @throws {ContainariumError} `failed_precondition` with the step that failed and its last words
 */
export async function installRunner(
  username: string,
  identity: RunnerIdentity,
  token: string,
  { client, signal }: ToolContext,
): Promise<void> {
  const given = asRoot(installScript(identity), `${token}\n`);
  const result = await client.terminal(username).run(given.command, {
    stdin: given.stdin,
    timeoutMs: INSTALL_MS,
    maxBytes: MAX_BYTES,
    signal,
  });
  if (result.exitCode === 0 && !result.timedOut) return;
  const refusal = rootRefusal(result);
  const why = refusal !== undefined
    ? ": there is no passwordless sudo in it"
    : result.timedOut
    ? ` within ${INSTALL_MS / 60_000} minutes`
    : "";
  const printed = client.redact(decodeBytes(result.stdout)).slice(0, MAX_PRINTED_CHARS);
  throw new ContainariumError(
    "failed_precondition",
    `The runner could not be installed in ${containerName(username)}${why}`,
    { containerText: (refusal ?? printed) || undefined },
  );
}

/** Waits until GitHub shows a runner as connected; returns it as it is then, if GitHub knows it. */
export async function awaitOnline(
  github: GitHub,
  target: string,
  name: string,
  { signal }: ToolContext,
): Promise<GitHubRunner | undefined> {
  for (let look = 1;; look++) {
    const found = (await github.runners(target, { signal })).find((one) => one.name === name);
    if (found?.isOnline === true || look === LOOKS) return found;
    await delay(LOOK_EVERY_MS, signal);
  }
}

import { containerName } from "../../client/internal.ts";
import { z } from "zod";
import { seconds } from "../fields.ts";
import { isGlob } from "../bulk/glob.ts";
import { selection } from "../bulk/selection.ts";
import { MAX_CONTAINERS } from "../bulk/usernames.ts";
import { MAX_OUTPUT_CHARACTERS } from "../command_output.ts";
import { username } from "../schemas.ts";
import {
  renderSnapshot,
  snapshotFields,
  withSnapshot,
} from "../snapshot_before/snapshot_before.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import { LastLine } from "./last_line.ts";
import { outcome, renderExit, runScript } from "./outcome.ts";
import { beforeRoot, renderRows, row, runInSeveral } from "./run_in_several.ts";
import { shownInQuestion } from "./preview.ts";
import { found, namesOf, sameTarget, targetOf } from "./run_target.ts";

/** How often the last line of the output is reported while it runs. */
const REPORT_EVERY_MS = 1_000;

/** Runs a command over the terminal; `GET /v1/containers/{username}/terminal`. */
export const runCommand = defineTool({
  name: "run_command",
  title: "Run command",
  description: "Run a command or script (bash, else sh) inside a running container, e.g. apt " +
    "install, and wait for its end; with usernames, in several. Each call is a new shell in the " +
    "home folder, no terminal. Output over 20,000 characters is cut in the middle. Redirect what " +
    "a background job prints.",
  effect: "write",
  idempotent: false,
  reach: "shell",
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username: username.optional(),
    usernames: selection.usernames.describe("Instead of username; patterns too: ci-*"),
    command: z.string().min(1).describe("Script of any length, e.g. df -h /"),
    stdin: z.string().optional().describe("Standard input"),
    timeout_seconds: seconds.min(1).max(3600).default(60)
      .describe("Then it is killed with all it started"),
    as_root: z.boolean().default(false).describe("Run it with sudo -n"),
  }),
  output: z.strictObject({
    ...outcome.partial().shape,
    ...snapshotFields,
    containers: z.array(row).optional().describe(
      "With usernames, instead of the rest: one per container",
    ),
  }),

  consent: async (args, context) => {
    const { command, stdin = "", as_root: isRoot } = args;
    const { lines, unseen } = shownInQuestion({ "": command, "With this as its input": stdin });
    const target = await targetOf(args, context);
    if (target.kind === "several" && found(target.selected).length === 0) return { agreed: target };
    const where = target.kind === "one" ? containerName(target.username) : namesOf(target.selected);
    return {
      question: {
        message: `Run this in ${where}${isRoot ? " as root" : ""}?\n${lines}`,
        confirm: `Run it in ${
          target.kind === "one" ? where : `${found(target.selected).length} containers`
        }${unseen}`,
      },
      agreed: target.kind === "several" ? target : {
        ...target,
        agreed: { container: await context.client.containers.find(target.username, context) },
      },
    };
  },

  run: async (args, context, agreed) => {
    const { command, stdin = "", timeout_seconds: seconds, as_root: isAsRoot } = args;
    context.log("debug", `run_command: ${command.length} characters, ${stdin.length} to read`);
    const target = agreed === undefined
      ? await targetOf(args, context)
      : await sameTarget(agreed, context);
    const script = { command, stdin, timeoutMs: seconds * 1_000, isAsRoot };
    if (target.kind === "several") {
      return { containers: await runInSeveral(target.selected, script, context) };
    }
    const onOutput = lastLineReporter(target.username, context);
    const whole = { ...script, mostCharacters: MAX_OUTPUT_CHARACTERS, onOutput };
    const snapshot = await beforeRoot(target.username, isAsRoot, context);
    const outcome = await runScript(target.username, whole, context).catch((error: unknown) => {
      throw withSnapshot(error, snapshot);
    });
    return { ...snapshot, ...outcome };
  },

  render: ({ containers, snapshot_before: snapshot, no_snapshot: why, ...one }) => {
    if (containers !== undefined) return renderRows(containers);
    const undo = renderSnapshot({ "snapshot_before": snapshot, "no_snapshot": why });
    const { next, stdout, stderr, ...end } = outcome.parse(one);
    return [
      renderExit(end),
      stdout ?? "",
      stderr ?? "",
      ...undo,
      next === undefined ? "" : `Next: ${next}`,
    ]
      .filter((part) => part !== "").join("\n");
  },

  // A limit of one at a time runs them sequentially.
  longestSeconds: ({ usernames, timeout_seconds: seconds }) =>
    seconds * (usernames?.some(isGlob) === true ? MAX_CONTAINERS : usernames?.length ?? 1),
  failed: ({ containers = [] }) =>
    containers.length > 0 && containers.every(({ exit_code: code }) => code === undefined),
});

function lastLineReporter(
  username: string,
  { progress }: ToolContext,
): (piece: Uint8Array) => void {
  const lastLine = new LastLine();
  let reportAt = performance.now() + REPORT_EVERY_MS;
  return (piece) => {
    lastLine.take(piece);
    if (performance.now() < reportAt) return;
    reportAt = performance.now() + REPORT_EVERY_MS;
    progress(1, undefined, `${containerName(username)} prints: ${lastLine.text}`);
  };
}

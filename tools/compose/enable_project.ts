import { ContainariumError } from "../../client/mod.ts";
import { containerName, visible } from "../../client/internal.ts";
import { decodeBytes } from "../text/decode_bytes.ts";
import type { ToolContext } from "../tool.ts";
import { checkScript, enableScript } from "./compose_scripts.ts";
import { folderProblem, isProgramPath, unitName, unitText } from "./compose_unit.ts";
import { type ComposeFacts, type Project, readFacts } from "./project_facts.ts";
import { type ProjectPlace, runIn } from "./project_script.ts";

/** What to do where nothing runs Compose. */
export const noProgram =
  "There is no docker compose, podman compose or podman-compose in the container; " +
  "install one with run_command.";

/** Installs the unit and starts it. Returns what is not as the user may think. */
export async function enable(
  one: Project,
  { program, path }: ComposeFacts,
  args: ProjectPlace,
  context: ToolContext,
): Promise<readonly string[]> {
  const box = containerName(args.username);
  const problem = folderProblem(one.dir);
  if (program === "" || !isProgramPath(path) || problem !== undefined) {
    throw new ContainariumError(
      "failed_precondition",
      problem === undefined
        ? `Nothing was changed in ${box}: ${noProgram}`
        : `Nothing was changed in ${box}: the folder's real path cannot stand in a unit (${problem})`,
    );
  }
  const check = await runIn(args, checkScript(one.dir), context);
  if (check.exitCode !== 0) {
    throw new ContainariumError(
      "invalid_argument",
      `Compose does not accept ${visible(one.file)} in ${box}. Nothing was changed`,
      { containerText: decodeBytes(check.stdout.slice(0, 2_000)) },
    );
  }
  const starts = !isUp(one);
  const unit = await unitName(one.dir);
  const text = unitText(one.dir, { words: program, path });
  const { exitCode, stdout } = await runIn(args, enableScript(unit, { starts }), context, text);
  if (exitCode !== 0) {
    throw new ContainariumError(
      "failed_precondition",
      exitCode === 69
        ? `Nothing was changed: ${box} has no systemd, which starts projects at boot`
        : `The unit could not be written in ${box}, below ~/.config/systemd/user`,
    );
  }
  const { done } = readFacts(stdout);
  return [
    ...(done.has("lingers") ? [] : [
      "It will start only when the user logs in: lingering could not be turned on. With root, run " +
      `loginctl enable-linger ${args.username}.`,
    ]),
    ...(starts && done.has("started")
      ? [
        "It is starting, which takes minutes if images are to be downloaded. Next: action status; " +
        `if it does not come up, run_command with journalctl --user -u ${unit}.`,
      ]
      : []),
    ...(starts && !done.has("started")
      ? [
        "It was not started now, as the user's systemd cannot be reached. Next: run_command with " +
        `${visible(program)} up -d in that folder.`,
      ]
      : []),
    ...(starts ? [] : ["It runs already and was left as it is."]),
  ];
}

/** Whether some of a project runs. */
export function isUp({ states }: Project): boolean {
  return states.includes("running");
}

/**
 * What users fill in: arguments that several runbooks have, and how they are read.
 *
 * @module
 */
import { newUsernameProblem, usernameProblem, visible } from "../../client/internal.ts";
import { ContainariumError } from "../../client/mod.ts";
import type { PromptArgument } from "../prompt.ts";
import { knownUsernames } from "../resources/known_names.ts";
import { Blank, type Slot } from "../runbook/step.ts";
import { quoted } from "../text/quoted.ts";
import type { ToolContext } from "../tool.ts";

/** The label that says which team a container belongs to. */
export const TEAM_LABEL = "team";

const MAX_LABEL_CHARS = 60;
const MAX_USERNAMES = 50;

/** Owner of the container that it is about. */
export const ownerArgument = {
  title: "Owner",
  description: "Owner of the container, e.g. alice",
  required: true,
  candidates: knownUsernames,
} as const satisfies PromptArgument;

/** Team whose containers it is about. */
export const teamArgument = {
  title: "Team",
  description: "Only containers with this label team, e.g. web; default: all",
  candidates: knownTeams,
} as const satisfies PromptArgument;

/** Returns the teams that containers are labeled with. */
export async function knownTeams({ client, signal }: ToolContext): Promise<readonly string[]> {
  const rows = await client.containers.listRows({ signal });
  return [...new Set(rows.flatMap(({ labels }) => labels[TEAM_LABEL] ?? []))].toSorted();
}

/** Returns the owner of a container. */
export function ownerIn(text: string): string {
  return refusing(text, usernameProblem(text));
}

/** Returns usernames for new containers, each once. */
export function newOwnersIn(text: string): readonly string[] {
  const usernames = [...new Set(text.split(/[\s,;]+/).filter((word) => word !== ""))];
  if (usernames.length === 0 || usernames.length > MAX_USERNAMES) {
    throw new ContainariumError(
      "invalid_argument",
      `usernames: expected 1 to ${MAX_USERNAMES}, separated by commas`,
    );
  }
  return usernames.map((username) => refusing(username, newUsernameProblem(username)));
}

/** Returns the value of a label. */
export function labelIn(text: string): string {
  const isFine = text.length <= MAX_LABEL_CHARS && visible(text) === text;
  return refusing(
    text,
    isFine ? undefined : `team: expected at most ${MAX_LABEL_CHARS} visible characters`,
  );
}

/** Returns what is filled in as prose has it: the user's own words in quotes, a blank as it is. */
export function said(slot: Slot, maxChars?: number): string {
  return slot instanceof Blank ? slot.toString() : quoted(slot, maxChars);
}

/** Returns the labels of a team's containers; `undefined`: of all. */
export function labelsOf(team: Slot | undefined): { readonly [key: string]: Slot } | undefined {
  return team === undefined ? undefined : { [TEAM_LABEL]: team };
}

/** Returns whose containers it is about, in words. */
export function whoseContainers(team: Slot | undefined): string {
  return team === undefined ? "all containers" : `the containers of the team ${said(team)}`;
}

function refusing(text: string, problem: string | undefined): string {
  if (problem === undefined) return text;
  throw new ContainariumError("invalid_argument", problem);
}

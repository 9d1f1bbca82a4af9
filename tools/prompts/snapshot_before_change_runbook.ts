import { snapshotNameProblem } from "../../client/internal.ts";
import { ContainariumError } from "../../client/mod.ts";
import { defineRunbook } from "../runbook/runbook.ts";
import { Blank, type Slot } from "../runbook/step.ts";
import { ownerArgument, ownerIn, said } from "./fillings.ts";

const DEFAULT_NAME = "before-change";
const MAX_CHANGE_CHARS = 2_000;

/** What it is written with. */
interface Change {
  readonly username: Slot;
  readonly change: Slot;
  readonly snapshot: string;
}

/** Makes a change that can be undone. */
export const snapshotBeforeChange = defineRunbook({
  name: "snapshot-before-change",
  title: "Snapshot before a change",
  description:
    "Make a risky change in a container (an upgrade, a migration, a new configuration) " +
    "so that it can be undone: snapshot, change, check, and roll back if the user wants that.",
  arguments: {
    username: ownerArgument,
    change: {
      title: "Change",
      description: "What to change, e.g. upgrade PostgreSQL to 17",
      required: true,
    },
    snapshot: {
      title: "Snapshot",
      description: `Name of the snapshot; default: ${DEFAULT_NAME}`,
    },
  },
  tools: ["list_snapshots", "create_snapshot"],
  blanks: {
    username: new Blank("owner"),
    change: new Blank("the change"),
    snapshot: DEFAULT_NAME,
  },
  values: ({ username, change, snapshot = DEFAULT_NAME }): Change => {
    const problem = snapshotNameProblem(snapshot);
    if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
    return { username: ownerIn(username), change, snapshot };
  },
  intro: ({ username, change }) =>
    `In ${username}'s container, make this change: ${said(change, MAX_CHANGE_CHARS)}. ` +
    "Before it, take a snapshot, so that it can be undone.",
  steps: ({ username, snapshot }) => [
    {
      text: "See which snapshots there are",
      call: { tool: "list_snapshots", args: { username } },
      attached: `containarium://containers/${username}/snapshots`,
      check: `"${snapshot}" is not among them; otherwise add a number to the name from here on.`,
      stop: "if the host has no snapshots, say that the change could not be undone, and ask " +
        "whether to make it all the same.",
    },
    {
      text: "Take the snapshot",
      call: { tool: "create_snapshot", args: { username, name: snapshot } },
      check: "the answer says that it was taken. If not, do not make the change.",
    },
    {
      text: "Make the change, and nothing else",
      call: {
        tool: "run_command",
        args: { username, command: new Blank("the change's commands") },
      },
      instead: {
        text: "Commands cannot be run through this server: ask the user to make the change",
      },
      stop:
        "if a command fails, or wants something that the user did not mention, show it and ask.",
    },
    {
      text: "See whether the container is well",
      call: { tool: "get_container", args: { username } },
      check: "it runs, what was changed works as its users use it, and nothing else broke.",
    },
    {
      text: "Report what was changed and what you checked",
      stop: "if something is wrong, ask the user whether to roll back or to repair. Say that a " +
        "rollback loses everything written since the snapshot and kills what runs.",
    },
    {
      text: "Only if the user wants the rollback",
      call: { tool: "restore_snapshot", args: { username, name: snapshot } },
      check: "the container runs again and works as before.",
    },
    {
      text: "Keep the snapshot until the user says that it can go (it holds disk space). Then",
      call: { tool: "delete_snapshot", args: { username, name: snapshot } },
    },
  ],
});

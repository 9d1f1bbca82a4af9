import {
  type AgreedContainer,
  ContainariumError,
  type Container,
  type DeleteResult,
} from "../../client/mod.ts";
import {
  containerName,
  isSameContainer,
  protectedError,
  systemAccounts,
} from "../../client/internal.ts";
import { diskOf } from "../text/quoted.ts";
import type { ConsentQuestion } from "../tool.ts";
import { visible } from "../text/visible.ts";
import { factsOf, type Row } from "./bulk_answer.ts";
import { isSelector, type Selected, type Selection } from "./selection.ts";
import { failureRow, underWay, type WorkItem } from "./work_item.ts";

/** Containers that may be deleted, by username. */
export type AgreedDeletions = ReadonlyMap<string, Container>;

/** Returns the containers that would be deleted: those that exist and are not protected. */
export function doomedOf(selected: readonly Selected[]): readonly Container[] {
  return selected.flatMap((one) =>
    one.kind === "found" && !one.container.isProtected ? [one.container] : []
  );
}

/**
 * Throws if the number of containers is not the expected one: a selector may match more than intended.
 *
 * @throws {ContainariumError} `invalid_argument` for another number, or a selector without a number
 */
export function refuseOtherCount(
  args: Selection,
  selected: readonly Selected[],
  expected: number | undefined,
): void {
  if (selected.length === expected || (expected === undefined && !isSelector(args))) return;
  const names = selected.map((one) =>
    one.kind === "found" ? one.container.username : one.row.username
  );
  const is = `${names.length} (${names.map(visible).join(", ") || "none"})`;
  throw new ContainariumError(
    "invalid_argument",
    expected === undefined
      ? `Deleting by selector needs expected_count, the number of matching containers. Now that is ${is}. ` +
        `Nothing was deleted`
      : `expected_count is ${expected}, but the number of containers is ${is}. Nothing was deleted`,
  );
}

/** Returns the question before containers are deleted, with each name. */
export function deletionQuestion(doomed: readonly Container[]): ConsentQuestion {
  const count = doomed.length === 1 ? "1 container" : `${doomed.length} containers`;
  const [disks, theirs] = doomed.length === 1
    ? ["its disk", "The user's host account, if there is one, is removed with its home."]
    : ["their disks", "The users' host accounts, if there are any, are removed with their homes."];
  const names = doomed.map((container) =>
    `${containerName(container.username)} (${container.state}, ${diskOf(container)})`
  );
  const accounts = doomed.map(({ username }) => username).filter((name) => systemAccounts.has(name))
    .map((name) => ` "${name}" is a SYSTEM ACCOUNT of the host: the daemon removes it too.`);
  return {
    message: `Delete ${count} and everything on ${disks}, permanently: ${names.join(", ")}? ` +
      `${theirs}${accounts.join("")}`,
    confirm: `Delete ${count}`,
  };
}

/**
 * Returns the work item that deletes a container.
 *
 * @param agreed The containers that may be deleted, by username. Absent: any
 */
export function deletionStep(
  selected: Selected,
  agreed: AgreedDeletions | undefined,
  apply: (username: string, agreed: AgreedContainer | undefined) => Promise<DeleteResult>,
): WorkItem {
  switch (selected.kind) {
    case "unreachable":
      return { kind: "decided", row: selected.row };
    case "missing":
      return { kind: "decided", row: nothingThere(selected.username) };
    case "found":
      return foundStep(selected.container, agreed, apply);
  }
}

function foundStep(
  container: Container,
  agreed: AgreedDeletions | undefined,
  apply: (username: string, agreed: AgreedContainer | undefined) => Promise<DeleteResult>,
): WorkItem {
  const { username, isProtected } = container;
  if (isProtected) {
    return { kind: "decided", row: failureRow(username, protectedError(username)) };
  }
  const asked = agreed?.get(username);
  if (agreed !== undefined && (asked === undefined || !isSameContainer(container, asked))) {
    const why =
      "the user was not asked about it: it was created or lost its protection in the meantime";
    return { kind: "decided", row: { username, result: "skipped", why } };
  }
  return {
    kind: "act",
    expected: { ...factsOf(container), result: "planned", why: `with ${diskOf(container)}` },
    underWay: underWay(username, "list_containers shows whether it is gone"),
    act: async () =>
      deletedRow(
        username,
        await apply(username, asked === undefined ? undefined : { container: asked }),
      ),
  };
}

function deletedRow(username: string, { deleted, protectionChecked }: DeleteResult): Row {
  if (!deleted) return nothingThere(username);
  if (protectionChecked) return { username, result: "done" };
  const why = "whether it was protected could not be checked: it was on another host";
  return { username, result: "done", why };
}

function nothingThere(username: string): Row {
  return { username, result: "skipped", why: `there is no ${containerName(username)}` };
}

import {
  type AgreedContainer,
  ContainariumError,
  type Container,
  type DeleteResult,
  type Leftover,
  type LeftoverList,
  type LeftoverRemoval,
} from "../../client/mod.ts";
import {
  containerName,
  isSameContainer,
  protectedError,
  systemAccounts,
  visible,
} from "../../client/internal.ts";
import { leftoverQuestion, leftoverRemark } from "../leftovers/leftover_answer.ts";
import { leftoverNames } from "../leftovers/leftover_words.ts";
import { diskOf } from "../text/quoted.ts";
import type { ConsentQuestion } from "../tool.ts";
import { factsOf, type Row } from "./bulk_answer.ts";
import { isSelector, type Selected, type Selection } from "./selection.ts";
import { failureRow, underWay, type WorkItem } from "./work_item.ts";

/** A container that may be deleted. */
export interface AgreedDeletion {
  /** The container as the user saw it. */
  readonly container: Container;
  /** What the daemon kept under its name then. */
  readonly leftovers: readonly Leftover[];
}

/** Containers that may be deleted, by username. */
export type AgreedDeletions = ReadonlyMap<string, AgreedDeletion>;

/** What the daemon keeps, by username. */
export type KeptLists = ReadonlyMap<string, LeftoverList>;

/** How a container is deleted. */
export interface DeletionWork {
  /** Deletes the container. */
  readonly delete: (
    username: string,
    agreed: AgreedContainer | undefined,
  ) => Promise<DeleteResult>;
  /** Removes what the daemon keeps under its name, as far as it was agreed to. Absent: it stays. */
  readonly clean:
    | ((container: Container, agreed: readonly Leftover[]) => Promise<LeftoverRemoval>)
    | undefined;
}

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
export function deletionQuestion(
  doomed: readonly Container[],
  kept: KeptLists,
): ConsentQuestion {
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
      `${theirs}${accounts.join("")}${keptQuestion(kept)}`,
    confirm: `Delete ${count}`,
  };
}

/** More containers with leftovers are counted only. */
const MAX_KEPT = 10;

function keptQuestion(kept: KeptLists): string {
  const some = [...kept].filter(([, { leftovers }]) => leftovers.length > 0);
  const [only] = some;
  if (kept.size === 1 && only !== undefined) return leftoverQuestion(only[1].leftovers);
  if (some.length === 0) return "";
  const shown = some.slice(0, MAX_KEPT)
    .map(([username, { leftovers }]) => `${username}: ${leftoverNames(leftovers)}`);
  const more = some.length - shown.length;
  const rest = more > 0 ? `; and what is kept for ${more} more` : "";
  return ` Also removed, but for access rules, which the daemon cannot remove: ${
    shown.join("; ")
  }${rest}.`;
}

/**
 * Returns the work item that deletes a container.
 *
 * @param agreed The containers that may be deleted, by username. Absent: any
 * @param kept What a dry run shows
 */
export function deletionStep(
  selected: Selected,
  agreed: AgreedDeletions | undefined,
  kept: KeptLists,
  work: DeletionWork,
): WorkItem {
  switch (selected.kind) {
    case "unreachable":
      return { kind: "decided", row: selected.row };
    case "missing":
      return { kind: "decided", row: nothingThere(selected.username) };
    case "found":
      return foundStep(selected.container, agreed, kept, work);
  }
}

function foundStep(
  container: Container,
  agreed: AgreedDeletions | undefined,
  kept: KeptLists,
  work: DeletionWork,
): WorkItem {
  const { username, isProtected } = container;
  if (isProtected) {
    return { kind: "decided", row: failureRow(username, protectedError(username)) };
  }
  const asked = agreed?.get(username);
  if (
    agreed !== undefined && (asked === undefined || !isSameContainer(container, asked.container))
  ) {
    const why =
      "the user was not asked about it: it was created or lost its protection in the meantime";
    return { kind: "decided", row: { username, result: "skipped", why } };
  }
  return {
    kind: "act",
    expected: { ...factsOf(container), result: "planned", why: plannedWhy(container, kept) },
    underWay: underWay(username, "list_containers shows whether it is gone"),
    act: async () => {
      const result = await work.delete(username, asked && { container: asked.container });
      const left = await work.clean?.(container, asked?.leftovers ?? []);
      return deletedRow(username, result, left && leftoverRemark(left));
    },
  };
}

function plannedWhy(container: Container, kept: KeptLists): string {
  const { leftovers = [] } = kept.get(container.username) ?? {};
  const lost = leftovers.filter(({ kind }) => kind !== "access_rules");
  const also = lost.length === 0 ? "" : `; also removed: ${leftoverNames(lost)}`;
  return `with ${diskOf(container)}${also}`;
}

function deletedRow(
  username: string,
  { deleted, protectionChecked }: DeleteResult,
  remark: string | undefined,
): Row {
  const isUnchecked = deleted && !protectionChecked;
  const whys = [
    deleted ? undefined : nothingThere(username).why,
    isUnchecked
      ? "whether it was protected could not be checked: it was on another host"
      : undefined,
    remark,
  ].filter((why) => why !== undefined);
  return {
    username,
    result: deleted ? "done" : "skipped",
    why: whys.length === 0 ? undefined : whys.join("; "),
  };
}

function nothingThere(username: string): Row {
  return { username, result: "skipped", why: `there is no ${containerName(username)}` };
}

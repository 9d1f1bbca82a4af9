import {
  type AgreedContainer,
  ContainariumError,
  type Container,
  type DeleteResult,
  type Leftover,
  type LeftoverList,
} from "../../client/mod.ts";
import { containerName, isSameContainer, systemAccounts, visible } from "../../client/internal.ts";
import { deletingIn, recoverablesQuestion, whenGone } from "../grace/grace_words.ts";
import type { PlannedDeletion } from "../grace/planned_deletion.ts";
import { type LeftoverOutcome, leftoverRemark } from "../leftovers/leftover_answer.ts";
import { leftoversQuestion, lostOf } from "../leftovers/leftover_question.ts";
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
  /** For how many seconds it can be recovered. Absent: it is deleted for good. */
  readonly graceSeconds?: number | undefined;
}

/** Containers that may be deleted, by username. */
export type AgreedDeletions = ReadonlyMap<string, AgreedDeletion>;

/** What the daemon keeps, by username. */
export type KeptLists = ReadonlyMap<string, LeftoverList>;

/** How a container is deleted. */
export interface DeletionWork {
  /** Decides what a delete does to it. */
  readonly plan: (container: Container) => PlannedDeletion;
  /** Deletes the container so that it can be recovered; returns it, if there was one. */
  readonly deleteLater: (
    username: string,
    agreed: AgreedContainer,
    graceSeconds: number,
  ) => Promise<Container | undefined>;
  /** Deletes the container. */
  readonly delete: (
    username: string,
    agreed: AgreedContainer | undefined,
  ) => Promise<DeleteResult>;
  /** Whether what the daemon keeps under its name is to stay. */
  readonly isKept: boolean;
  /** Removes what the daemon keeps under its name, as far as it was agreed to. */
  readonly clean: (container: Container, agreed: readonly Leftover[]) => Promise<LeftoverOutcome>;
}

/** A container that would be deleted. */
export interface Doomed {
  /** The container. */
  readonly container: Container;
  /** For how many seconds it can be recovered. Absent: it would be deleted for good. */
  readonly graceSeconds?: number | undefined;
}

/** Returns the containers that would be deleted: those that exist and can be. */
export function doomedOf(
  selected: readonly Selected[],
  plan: DeletionWork["plan"],
): readonly Doomed[] {
  return selected.flatMap((one): readonly Doomed[] => {
    if (one.kind !== "found") return [];
    const { container } = one;
    const planned = plan(container);
    switch (planned.kind) {
      case "permanent":
        return [{ container }];
      case "recoverable":
        return [{ container, graceSeconds: planned.graceSeconds }];
      case "already":
      case "refused":
        return [];
    }
  });
}

/** Returns those that would be deleted for good. */
export function deletedForGood(doomed: readonly Doomed[]): readonly Container[] {
  return doomed.filter(({ graceSeconds }) => graceSeconds === undefined)
    .map(({ container }) => container);
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
  doomed: readonly Doomed[],
  kept: KeptLists,
  isKept: boolean,
): ConsentQuestion {
  const lost = deletedForGood(doomed);
  const messages = [
    ...(lost.length === 0 ? [] : [lossQuestion(lost, kept, isKept)]),
    ...(lost.length === doomed.length ? [] : [recoverablesQuestion(doomed)]),
  ];
  return { message: messages.join(" "), confirm: `Delete ${countOf(doomed)}` };
}

function countOf({ length }: readonly unknown[]): string {
  return length === 1 ? "1 container" : `${length} containers`;
}

function lossQuestion(doomed: readonly Container[], kept: KeptLists, isKept: boolean): string {
  const [disks, theirs] = doomed.length === 1
    ? ["its disk", "The user's host account, if there is one, is removed with its home."]
    : ["their disks", "The users' host accounts, if there are any, are removed with their homes."];
  const names = doomed.map((container) =>
    `${containerName(container.username)} (${container.state}, ${diskOf(container)})`
  );
  const accounts = doomed.map(({ username }) => username).filter((name) => systemAccounts.has(name))
    .map((name) => ` "${name}" is a SYSTEM ACCOUNT of the host: the daemon removes it too.`);
  return `Delete ${countOf(doomed)} and everything on ${disks}, permanently: ${
    names.join(", ")
  }? ` +
    `${theirs}${accounts.join("")}${leftoversQuestion(kept, isKept)}`;
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
  const { username } = container;
  const plan = work.plan(container);
  if (plan.kind === "refused") {
    return { kind: "decided", row: failureRow(username, plan.error) };
  }
  if (plan.kind === "already") return { kind: "decided", row: alreadyRow(container) };
  const asked = agreed?.get(username);
  if (
    agreed !== undefined && (asked === undefined || !isSameContainer(container, asked.container))
  ) {
    const why =
      "the user was not asked about it: it was created or lost its protection in the meantime";
    return { kind: "decided", row: { username, result: "skipped", why } };
  }
  const planned = plan.kind === "recoverable" ? plan.graceSeconds : undefined;
  const graceSeconds = asked === undefined ? planned : asked.graceSeconds;
  if (graceSeconds !== undefined) {
    return recoverableStep(asked?.container ?? container, graceSeconds, work);
  }
  return {
    kind: "act",
    expected: {
      ...factsOf(container),
      result: "planned",
      why: plannedWhy(container, kept, work.isKept),
    },
    underWay: underWay(username, "list_containers shows whether it is gone"),
    act: async () => {
      const result = await work.delete(username, asked && { container: asked.container });
      const left = await work.clean(container, asked?.leftovers ?? []);
      return deletedRow(username, result, leftoverRemark(left));
    },
  };
}

function recoverableStep(
  container: Container,
  graceSeconds: number,
  work: DeletionWork,
): WorkItem {
  const { username } = container;
  const why = `stopped, and gone ${whenGone(container, graceSeconds)}`;
  return {
    kind: "act",
    expected: { ...factsOf(container), result: "planned", why },
    underWay: underWay(username, "list_containers shows whether it is being deleted"),
    act: async () => {
      const deleted = await work.deleteLater(username, { container }, graceSeconds);
      if (deleted === undefined) return nothingThere(username);
      const row = { ...factsOf(deleted), result: "done", next: undeleteStep } as const;
      return { ...row, why: deletingIn(deleted) };
    },
  };
}

function alreadyRow(container: Container): Row {
  const why = `deleted before: ${deletingIn(container)}`;
  return { ...factsOf(container), result: "skipped", why, next: undeleteStep };
}

const undeleteStep = "undelete_container brings it back until then";

function plannedWhy(container: Container, kept: KeptLists, isKept: boolean): string {
  const { leftovers = [] } = kept.get(container.username) ?? {};
  const lost = lostOf(leftovers, isKept);
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

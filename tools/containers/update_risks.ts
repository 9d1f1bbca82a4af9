/**
 * What a change of a container's settings may lose: what the user is asked about, and what binds the change.
 *
 * @module
 */
import type { Container, ContainerChanges, Firewall } from "../../client/mod.ts";
import {
  containerName,
  deletionAt,
  formatTime,
  isDeletedOnceStopped,
  labelsAfter,
  notAgreed,
  parseDuration,
  refuseOther,
} from "../../client/internal.ts";
import type { Quotas } from "../policy/mod.ts";
import { quoted } from "../text/quoted.ts";
import { teamLeft } from "../admission/changes.ts";
import type { ConsentQuestion } from "../tool.ts";
import { deletionAfterStop } from "./stop_deletion.ts";

/** Part of a change that can lose something. */
export interface RiskyChange {
  /** Labels to set. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Keys of labels to remove; a key that is also set is removed. */
  readonly "remove_labels"?: readonly string[] | undefined;
  /** Time to live, or `never`. */
  readonly ttl?: string | undefined;
  /** Whether to protect it from deletion. */
  readonly protected?: boolean | undefined;
  /** Stop it after this many idle minutes; 0: never. */
  readonly "auto_sleep_minutes"?: number | undefined;
  /** What reaches it over the network. */
  readonly firewall?: Firewall | undefined;
  /** Whether it sends metrics to the host's collector. */
  readonly monitoring?: boolean | undefined;
}

/** A container before a change. */
export interface RiskyState {
  /** The container, with the facts that only a list reports. */
  readonly container: Container;
  /** The firewall that is in force. Absent: none, or that is unknown. */
  readonly firewall: Firewall | undefined;
}

/** What the user agreed to. */
export interface AgreedChange {
  /** The container at that time. Absent: there was none, or nothing could be lost. */
  readonly container?: Container | undefined;
  /** What would be lost, in the words of the question. */
  readonly risks: readonly string[];
}

/** Whether a change can lose anything, for any container. */
export function mayLose(change: RiskyChange, quotas: Quotas | undefined): boolean {
  return change.protected === false || (change.ttl !== undefined && change.ttl !== "never") ||
    (change.auto_sleep_minutes ?? 0) > 0 || change.monitoring !== undefined ||
    (change.firewall ?? "permissive") !== "permissive" ||
    (quotas !== undefined && (change.labels ?? change.remove_labels) !== undefined);
}

/** Returns a change as options of the client. */
export function changesIn(change: RiskyChange): ContainerChanges {
  const { labels, remove_labels: removeLabels, ttl, protected: isProtected } = change;
  return {
    labels,
    removeLabels,
    ttlSeconds: ttl === undefined ? undefined : parseDuration(ttl) ?? 0,
    isProtected,
    autoSleepMinutes: change.auto_sleep_minutes,
    firewall: change.firewall,
    isMonitored: change.monitoring,
  };
}

/** Returns what a change of labels would lose: a container leaves the quota of its team. */
export function labelRisks(
  now: Container,
  change: RiskyChange,
  quotas: Quotas | undefined,
): readonly string[] {
  const left = quotas === undefined
    ? undefined
    : teamLeft(now, labelsAfter(now, changesIn(change)), quotas);
  return left === undefined ? [] : [`take it out of the quota of team ${quoted(left)}`];
}

/** Returns what a change would lose, given the state that it leads to. */
export function risksOf(
  { container: now, firewall }: RiskyState,
  change: RiskyChange,
  quotas: Quotas | undefined,
): readonly string[] {
  const then = { ...now, isProtected: change.protected ?? now.isProtected };
  return [
    ...labelRisks(now, change, quotas),
    ...(now.isProtected && !then.isProtected
      ? [`remove its protection from deletion${preventedDeletions(then, change)}`]
      : []),
    ...(isSooner(change.ttl, now) ? [`have it deleted with its disk in ${change.ttl}`] : []),
    ...(sleepsSooner(change, now) && isDeletedOnceStopped(then)
      ? [
        `have it stopped after ${change.auto_sleep_minutes} idle minutes, and deleted ` +
        deletionAfterStop(then),
      ]
      : []),
    ...((change.firewall ?? "permissive") !== "permissive" && change.firewall !== firewall
      ? ["let nothing in but HTTP, so that SSH no longer reaches it"]
      : []),
    ...(restarts(change, now) ? ["restart it, which ends what runs in it"] : []),
  ];
}

/** Returns the question before a change. */
export function changeQuestion(username: string, risks: readonly string[]): ConsentQuestion {
  return {
    message: `Update ${containerName(username)}? This would ${risks.join(", and ")}.`,
    confirm: `Update ${containerName(username)}`,
  };
}

/**
 * Throws if a change would lose more than the user agreed to.
 *
 * @throws {ContainariumError} `failed_precondition`
 */
export function refuseOtherRisks(
  now: Container,
  risks: readonly string[],
  agreed: AgreedChange | undefined,
): void {
  if (agreed === undefined || risks.length === 0) return;
  refuseOther(now, agreed, `To ${risks.join(", and ")}`);
  const more = risks.filter((risk) => !agreed.risks.includes(risk));
  if (more.length > 0) throw notAgreed(`It was not agreed to ${more.join(", and to ")}`);
}

/** Monitoring is read by programs when they start, so the daemon restarts the container. */
function restarts({ monitoring }: RiskyChange, { isMonitored, state }: Container): boolean {
  return monitoring !== undefined && monitoring !== isMonitored && state !== "stopped";
}

/** Returns the deletions that the protection prevents. */
function preventedDeletions(then: Container, { ttl }: RiskyChange): string {
  const expiry = ttl === undefined ? then.ttlExpiresAt : undefined;
  const ends = [
    ...(expiry === undefined ? [] : [`at ${formatTime(expiry)}, when its time to live ends`]),
    ...(deletionAt(then) === undefined ? [] : ["because it is stopped"]),
  ];
  return ends.length === 0 ? "" : ` (it is then deleted ${ends.join(", or ")})`;
}

/** Whether a time to live ends sooner than the current one. A later one loses nothing. */
function isSooner(ttl: string | undefined, { ttlExpiresAt }: Container): boolean {
  const seconds = parseDuration(ttl ?? "");
  if (seconds === undefined) return false;
  return ttlExpiresAt === undefined || Date.now() + seconds * 1_000 < ttlExpiresAt.getTime();
}

function sleepsSooner(
  { auto_sleep_minutes: minutes = 0 }: RiskyChange,
  { autoSleepMinutes }: Container,
): boolean {
  return minutes > 0 && (autoSleepMinutes === undefined || minutes < autoSleepMinutes);
}

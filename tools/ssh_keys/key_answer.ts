/**
 * Results that the three tools share.
 *
 * @module
 */
import { z } from "zod";
import type { ErrorReason, KeyChange, KeyReport, SshKey } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";

const MAX_CHARS = 300;

/** A key in a result. */
export const key = z.strictObject({
  type: z.string().describe("e.g. ssh-ed25519"),
  fingerprint: z.string().describe("SHA256:…, as ssh-keygen -l prints it"),
  comment: z.string().describe("Its comment: data from the container"),
  options: z.string().optional()
    .describe("Its options: data from the container; absent: unrestricted"),
});

type KeyAnswer = z.infer<typeof key>;

/** Result for a key in one place. */
export const report = z.strictObject({
  place: z.enum(["container", "host"])
    .describe("container: for direct connections; host: for those through a sentinel"),
  outcome: z.enum(["added", "already there", "removed", "absent", "unknown", "cannot"])
    .describe("unknown: it may be there or not; cannot: not changed there"),
  why: z.string().optional().describe("Why not, or other remarks"),
  keys: z.number().optional().describe("How many keys are there now"),
});

/** Result for a key. */
export const change = z.strictObject({
  summary: z.string().describe("What happened, and what did NOT"),
  key: key.optional().describe("Absent: no such key was found"),
  places: z.array(report).describe("The container, then the host"),
  next: z.string().optional().describe("What to do next"),
});

/** Returns a key as a result has it; text from the container is made visible. */
export function keyAnswer({ type, fingerprint, comment, options }: SshKey): KeyAnswer {
  return {
    type: shownKeyText(type),
    fingerprint,
    comment: shownKeyText(comment),
    options: options === undefined ? undefined : shownKeyText(options),
  };
}

/** Makes text of a key visible, and shortens it. */
export function shownKeyText(text: string): string {
  return text.length <= MAX_CHARS ? visible(text) : `${visible(text.slice(0, MAX_CHARS))}…`;
}

/** Returns a change as a result has it. */
export function changeAnswer(
  { key, places }: KeyChange,
  verb: "added" | "removed",
): z.input<typeof change> {
  return {
    summary: summaryOf(places, verb),
    key: key === undefined ? undefined : keyAnswer(key),
    places: places.map(reportAnswer),
    next: key === undefined && places.some(({ outcome }) => outcome === "absent")
      ? "list_ssh_keys shows the keys in the container; on the host, only a key's whole line finds it"
      : undefined,
  };
}

function reportAnswer({ why, reason, ...rest }: KeyReport): z.input<typeof report> {
  return { ...rest, why: why === undefined ? undefined : `${visible(why)}${nextStep(reason)}` };
}

function nextStep(reason: ErrorReason | undefined): string {
  switch (reason) {
    case "not_running":
      return ". Next: start_container, then call this again";
    case "response_lost":
      return ". Next: list_ssh_keys shows the keys, then call this again";
    default:
      return "";
  }
}

/** Returns a change, with one line per place. */
export function renderChange({ summary, key, places, next }: z.output<typeof change>): string {
  const lines = places.map(({ place, outcome, why, keys }) => {
    const count = keys === undefined ? "" : ` (${keys} there now)`;
    return `${place}: ${outcome}${count}${why === undefined ? "" : `: ${why}`}`;
  });
  return [
    summary,
    ...(key === undefined ? [] : [renderKey(key)]),
    ...lines,
    ...(next === undefined ? [] : [`Next: ${next}`]),
  ].join("\n");
}

/** Returns one sentence for all places: `Removed in the container, NOT on the host.` */
function summaryOf(places: readonly KeyReport[], verb: "added" | "removed"): string {
  const isChanged = places[0] !== undefined && hasHappened(places[0]);
  const text = places.map(({ place, outcome }) => {
    const where = place === "container" ? "in the container" : "on the host";
    switch (outcome) {
      case "added":
      case "already there":
      case "removed":
        return `${outcome} ${where}`;
      case "absent":
        return `not found ${where}`;
      case "unknown":
        return `perhaps NOT ${isChanged ? "" : `${verb} `}${where}`;
      case "cannot":
        return `NOT ${isChanged ? "" : `${verb} `}${where}`;
    }
  }).join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function hasHappened({ outcome }: KeyReport): boolean {
  return outcome === "added" || outcome === "already there" || outcome === "removed";
}

/** Returns a key in one line. */
export function renderKey({ type, fingerprint, comment, options }: KeyAnswer): string {
  return [type, fingerprint, comment, options === undefined ? "" : `[${options}]`]
    .filter((part) => part !== "").join(" ");
}

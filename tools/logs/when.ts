import { own } from "../../client/internal.ts";

/** A point in time, as a model can write it. */
export type When =
  | { readonly kind: "instant"; readonly epochMs: number }
  | { readonly kind: "ago"; readonly seconds: number }
  | { readonly kind: "local"; readonly date: string; readonly time: string }
  | { readonly kind: "day"; readonly word: "today" | "yesterday" };

/** What is accepted, in words. */
export const acceptedTimes = '2026-11-21T06:00:00Z, "2026-11-21 06:00" in the container\'s time ' +
  "zone, 2h ago, 1h30m, 3 days ago, today, yesterday or @ and seconds since 1970";

const MAX_TIME_CHARS = 100;
const instant = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)? ?(Z|UTC|[+-]\d\d:\d\d)$/i;
const local = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?)?$/;
const epoch = /^@(\d{1,11}(?:\.\d{1,6})?)$/;
const ago = /^-?((?: ?\d{1,9} ?[a-z]+)+)(?: ago)?$/;

const unitSeconds: Readonly<Record<string, number>> = {
  ...named(["s", "sec", "second"], 1),
  ...named(["m", "min", "minute"], 60),
  ...named(["h", "hr", "hour"], 3_600),
  ...named(["d", "day"], 86_400),
  ...named(["w", "week"], 604_800),
};

/** Parses a time; `undefined` if the format is not accepted. */
export function parseWhen(text: string): When | undefined {
  if (text.length > MAX_TIME_CHARS) return undefined;
  const trimmed = text.trim();
  const word = trimmed.toLowerCase();
  if (word === "now") return { kind: "ago", seconds: 0 };
  if (word === "today" || word === "yesterday") return { kind: "day", word };
  const [, seconds] = epoch.exec(trimmed) ?? [];
  if (seconds !== undefined) return { kind: "instant", epochMs: Number(seconds) * 1_000 };
  if (instant.test(trimmed)) return parseInstant(trimmed.toUpperCase());
  const [, date, minute = "00:00", second = ":00"] = local.exec(trimmed) ?? [];
  if (date !== undefined) {
    const time = `${minute}${second}`;
    return isDate(`${date}T${time}Z`) ? { kind: "local", date, time } : undefined;
  }
  const [, parts] = ago.exec(word) ?? [];
  return parts === undefined ? undefined : parseAgo(parts);
}

/** Formats a time for `journalctl` of any version: before 254 it does not accept the time zone `Z`. */
export function journalTime(when: When): string {
  switch (when.kind) {
    case "instant":
      return `@${when.epochMs / 1_000}`;
    case "ago":
      return when.seconds === 0 ? "now" : `-${when.seconds}s`;
    case "local":
      return `${when.date} ${when.time}`;
    case "day":
      return when.word;
  }
}

/** Formats a time for `podman logs`; `undefined` if podman has no format for it. */
export function podmanTime(when: When): string | undefined {
  switch (when.kind) {
    case "instant":
      return new Date(when.epochMs).toISOString();
    case "ago":
      return `${when.seconds}s`;
    case "local":
      return `${when.date}T${when.time}`;
    case "day":
      return undefined;
  }
}

function parseInstant(text: string): When | undefined {
  const zone = text.replace(/ ?UTC$/, "Z").replace(/ (?=[+-]|Z$)/, "").replace(" ", "T");
  if (!isDate(`${zone.slice(0, 16)}:00Z`)) return undefined;
  const epochMs = Date.parse(zone);
  return Number.isNaN(epochMs) || epochMs < 0 ? undefined : { kind: "instant", epochMs };
}

/** `Date` reads February 31 as March 3. */
function isDate(utc: string): boolean {
  const date = new Date(utc);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(utc.slice(0, 16));
}

function parseAgo(parts: string): When | undefined {
  let seconds = 0;
  for (const [, count, unit = ""] of parts.matchAll(/(\d{1,9}) ?([a-z]+)/g)) {
    seconds += Number(count) * (own(unitSeconds, unit) ?? NaN);
  }
  return seconds <= 1e10 ? { kind: "ago", seconds } : undefined;
}

function named(names: readonly string[], seconds: number): Readonly<Record<string, number>> {
  const all = names.flatMap((name) => name.length === 1 ? [name] : [name, `${name}s`]);
  return Object.fromEntries(all.map((name) => [name, seconds]));
}

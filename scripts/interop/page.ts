/** `docs/interop.md`: a table of what works with which client. @module */
import { markdownTable } from "../markdown.ts";
import { type Feature, features, type Result } from "./results.ts";

/** Returns the table, a row for each client and revision, and below it what does not work. */
export function tableOf(results: readonly Result[], notes: Notes): string {
  const footnotes: string[] = [];
  const rows = [...Map.groupBy(results, ({ client, revision }) => `${client} ${revision}`).values()]
    .map((mine) => row(mine, notes, footnotes));
  const head = ["Client", "Version", "Tried", "Revision", ...features.map(capitalized)];
  return [
    markdownTable([head, ...rows]),
    ...footnotes.map((note, at) => `${at + 1}. ${note}`),
  ].join("\n");
}

/** Why something does not work, by client and feature. */
export type Notes = Readonly<Record<string, Readonly<Partial<Record<Feature, string>>>>>;

function row(results: readonly Result[], notes: Notes, footnotes: string[]): readonly string[] {
  const [{ client = "", version = "", revision = "", date = "" } = {}] = results;
  const cells = features.map((feature) => {
    const mine = results.filter((result) => result.feature === feature);
    if (mine.every(({ result }) => result === "not offered by the client")) return "–";
    const failed = mine.filter(({ result }) => result === "fails");
    const items = itemsOf(mine).size;
    const lacking = mine.filter(({ result }) => result !== "works");
    const working = items - itemsOf(lacking).size;
    if (failed.length === 0) return items > 0 ? `${working}` : "yes";
    footnotes.push(
      `${client}, ${revision}, ${feature}: ${notes[client]?.[feature] ?? why(failed)}`,
    );
    const count = items > 0 ? `${working} of ${items}` : "no";
    return `${count} (note ${footnotes.length})`;
  });
  return [client, version, date, revision, ...cells];
}

function itemsOf(results: readonly Result[]): ReadonlySet<string> {
  return new Set(results.flatMap(({ item }) => item ?? []));
}

/** Returns what was said of each, with some of what it was said of. */
function why(failed: readonly Result[]): string {
  return [...Map.groupBy(failed, ({ detail = "no reason" }) => detail)].map(([detail, mine]) => {
    const [first, second, ...others] = [...itemsOf(mine)];
    const more = others.length === 0 ? [] : [`${others.length} more`];
    const items = [first, second, ...more].filter((item) => item !== undefined);
    return items.length === 0 ? detail : `${items.join(", ")}: ${detail}`;
  }).join("; ");
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `docs/interop.md`: a table of what works with which client. @module */
import { markdownTable } from "../markdown.ts";
import { type Feature, features, type Result } from "./results.ts";

/** Returns the table, a row for each client and revision, and below it what does not work. */
export function tableOf(results: readonly Result[], notes: Notes): string {
  const footnotes: string[] = [];
  const rows = [...Map.groupBy(results, ({ client }) => client)].flatMap(([client, mine]) => {
    const revisions = [...Map.groupBy(mine, ({ revision }) => revision).values()];
    const absences = absencesIn(mine, revisions.length);
    const absent = absences === "" ? 0 : footnotes.push(`${client} does not offer ${absences}`);
    return revisions.map((those) =>
      row(those, absent, (feature, failed) => {
        const [{ revision = "" } = {}] = those;
        const why = notes[client]?.[feature] ?? reasonsOf(failed);
        return footnotes.push(`${client}, ${revision}, ${feature}: ${why}`);
      })
    );
  });
  const head = ["Client", "Version", "Tried", "Revision", ...features.map(capitalized)];
  return [
    markdownTable([head, ...rows]),
    ...footnotes.map((note, at) => `${at + 1}. ${note}`),
  ].join("\n");
}

/** Why something does not work, by client and feature. */
export type Notes = Readonly<Record<string, Readonly<Partial<Record<Feature, string>>>>>;

/** Returns what a client does not offer, and by what that is seen; the revision where it is not so in each. */
function absencesIn(results: readonly Result[], revisions: number): string {
  const lacking = results.filter(isAbsence).filter(({ detail }) => detail !== undefined);
  const inOrder = features.flatMap((feature) => lacking.filter((one) => one.feature === feature));
  const byReason = Map.groupBy(inOrder, ({ feature, detail }) => `${feature}\n${detail}`);
  return [...byReason.values()].map((mine) => {
    const [{ feature = "", revision = "" } = {}] = mine;
    const isEach = new Set(mine.map((result) => result.revision)).size === revisions;
    return `${feature}${isEach ? "" : ` in ${revision}`} (${reasonsOf(mine)})`;
  }).join(", ");
}

function isAbsence({ result }: Result): boolean {
  return result === "not offered by the client";
}

/**
 * Returns a row of the table.
 *
 * @param absent The number of the note on what is not offered; 0 if there is none
 * @param noted Returns the number of a note on failures
 */
function row(
  results: readonly Result[],
  absent: number,
  noted: (feature: Feature, failed: readonly Result[]) => number,
): readonly string[] {
  const [{ client = "", version = "", revision = "", date = "" } = {}] = results;
  const cells = features.map((feature) => {
    const mine = results.filter((result) => result.feature === feature);
    if (mine.length === 0) return "";
    const failed = mine.filter(({ result }) => result === "fails");
    const lacking = mine.filter(isAbsence);
    const numbers = [
      ...(failed.length === 0 ? [] : [noted(feature, failed)]),
      ...(absent > 0 && lacking.some(({ detail }) => detail !== undefined) ? [absent] : []),
    ];
    const suffix = numbers.length === 0 ? "" : ` (note ${numbers.join(", ")})`;
    if (lacking.length === mine.length) return `–${suffix}`;
    const items = itemsOf(mine).size;
    const working = items - itemsOf([...failed, ...lacking]).size;
    if (items === 0) return `${failed.length === 0 ? "yes" : "no"}${suffix}`;
    return `${working === items ? working : `${working} of ${items}`}${suffix}`;
  });
  return [client, version, date, revision, ...cells];
}

function itemsOf(results: readonly Result[]): ReadonlySet<string> {
  return new Set(results.flatMap(({ item }) => item ?? []));
}

/** Returns what was said of each, with some of what it was said of. */
function reasonsOf(results: readonly Result[]): string {
  return [...Map.groupBy(results, ({ detail = "no reason" }) => detail)].map(([detail, mine]) => {
    const [first, second, ...others] = [...itemsOf(mine)];
    const more = others.length === 0 ? [] : [`${others.length} more`];
    const items = [first, second, ...more].filter((item) => item !== undefined);
    return items.length === 0 ? detail : `${items.join(", ")}: ${detail}`;
  }).join("; ");
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

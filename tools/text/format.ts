const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Formats bytes for people with three digits, decimal like the daemon's sizes: `20.8 MB`. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3);
  const power = Math.min(step, units.length - 1);
  const value = bytes / 1_000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[power] ?? "B"}`;
}

/** Maximum width of a column: a wider cell does not widen the others. */
const MAX_WIDTH = 80;

/** Formats a table with aligned columns; columns that are empty in every row are left out. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const used = header.map((_, column) => rows.some((row) => (row[column] ?? "") !== ""));
  const lines = [header, ...rows].map((row) => row.filter((_, column) => used[column]));
  const widths = (lines[0] ?? []).map((_, column) =>
    lines.reduce(
      (widest, line) => Math.min(Math.max(widest, line[column]?.length ?? 0), MAX_WIDTH),
      0,
    )
  );
  return lines
    .map((line) =>
      line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
    )
    .join("\n");
}

/** Formats `key: value` lines; absent and empty values are left out. */
export function formatFacts(facts: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => `${key}: ${value}`)
    .join("\n");
}

const spans = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]] as const;

/** Formats a duration for people in its two largest units: 90 becomes `1 min 30 s`. */
export function formatSeconds(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, length] of spans) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

/** How many names are listed before the rest is counted. */
const MAX_NAMES = 5;

/** Formats names in a sentence: `alice, bob, carol, dave, erin and 3 more`. */
export function formatNames(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  const first = names.slice(0, MAX_NAMES).join(", ");
  return more > 0 ? `${first} and ${more} more` : first;
}

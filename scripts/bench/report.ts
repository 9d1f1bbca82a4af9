/** Figures as text for a terminal and a page, and as JSON. @module */
import { type Cell, holds, type Section, type Table, type Target } from "./section.ts";

/** Where and how the figures were measured. */
export interface Circumstances {
  /** When. */
  readonly at: Date;
  /** The machine, in words. */
  readonly machine: string;
  /** Deno's version. */
  readonly deno: string;
  /** How thoroughly, and how busy the machine was. */
  readonly mode: string;
  /** Whether all parts were measured, with all runs and sizes. */
  readonly isComplete: boolean;
}

/** Returns everything as text. */
export function reportText(sections: readonly Section[], circumstances: Circumstances): string {
  const targets = sections.flatMap((section) => section.targets);
  const notes = sections.flatMap((section) => section.notes);
  return [
    circumstancesLine(circumstances),
    ...sections.flatMap(({ tables }) => tables.map(tableText)),
    ...(targets.length === 0 ? [] : [tableText(targetTable(targets))]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `Not measured: ${note}`).join("\n")]),
  ].join("\n\n");
}

/** Returns everything for programs; a figure that was not measured is `null`. */
export function reportJson(sections: readonly Section[], circumstances: Circumstances): string {
  const tables = sections.flatMap((section) => section.tables).map(({ title, columns, rows }) => ({
    title,
    rows: rows.map((row) =>
      Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null]))
    ),
  }));
  const targets = sections.flatMap((section) => section.targets).map((target) => ({
    ...target,
    found: target.found ?? null,
    holds: holds(target) ?? null,
  }));
  const notes = sections.flatMap((section) => section.notes);
  return JSON.stringify({ ...circumstances, tables, targets, notMeasured: notes }, undefined, 2);
}

/** Returns a table in columns: names to the left, figures to the right. */
export function tableText({ title, columns, rows }: Table): string {
  const cells = [[...columns], ...rows.map((row) => row.map(cellText))];
  const widths = columns.map((_column, at) =>
    Math.max(...cells.map((row) => row[at]?.length ?? 0))
  );
  const lines = cells.map((row) =>
    row.map((cell, at) => at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))
      .join("  ").trimEnd()
  );
  return [title, ...lines].join("\n");
}

/** Returns a figure with about three digits. */
export function cellText(cell: Cell): string {
  if (cell === undefined) return "-";
  if (typeof cell === "string") return cell;
  if (!Number.isFinite(cell)) return "-";
  const size = Math.abs(cell);
  if (size >= 100) return cell.toFixed(0).replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return cell.toFixed(size >= 10 ? 1 : 2);
}

function targetTable(targets: readonly Target[]): Table {
  return {
    title: "Targets",
    columns: ["what", "found", "target", "holds"],
    rows: targets.map((target) => [
      target.what,
      target.found,
      `${target.bound} ${target.limit}`,
      verdict(target),
    ]),
  };
}

function verdict(target: Target): string {
  switch (holds(target)) {
    case undefined:
      return "unknown";
    case true:
      return "yes";
    case false:
      return "NO";
  }
}

function circumstancesLine({ at, machine, deno, mode }: Circumstances): string {
  return `${at.toISOString().slice(0, 10)}, ${machine}, Deno ${deno}, ${mode}`;
}

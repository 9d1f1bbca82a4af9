/** The rows of the table, and how they are sorted. @module */
import type { ShownContainer } from "./fleet_data.ts";
import type { ShownUsage } from "./usage_history.ts";

/** An order of the rows. */
export const orders = ["username", "state", "cpu", "memory", "disk"] as const;

/** An order of the rows. */
export type Order = typeof orders[number];

/** Data of a row. */
export interface Row {
  /** The container. */
  readonly container: ShownContainer;
  /** Its usage, if known. */
  readonly usage: ShownUsage | undefined;
}

/** Sorts rows: names and states from A to Z, usage from highest to lowest. */
export function sortRows(rows: readonly Row[], order: Order): readonly Row[] {
  const byName = (a: Row, b: Row) => a.container.username.localeCompare(b.container.username);
  const used = ({ usage }: Row) => {
    switch (order) {
      case "cpu":
        return usage?.cpuPercent ?? -1;
      case "memory":
        return usage?.memoryBytes ?? -1;
      case "disk":
        return usage?.diskBytes ?? -1;
      default:
        return 0;
    }
  };
  const byState = (a: Row, b: Row) =>
    order === "state" ? a.container.state.localeCompare(b.container.state) : 0;
  return rows.toSorted((a, b) => used(b) - used(a) || byState(a, b) || byName(a, b));
}

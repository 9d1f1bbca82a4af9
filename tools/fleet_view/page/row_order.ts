/** The rows of the table, and the orders in which they can stand. @module */
import type { ShownContainer } from "./fleet_data.ts";
import type { ShownUsage } from "./usage_history.ts";

/** An order of the rows. */
export const orders = ["username", "state", "cpu", "memory", "disk"] as const;

/** An order of the rows. */
export type Order = typeof orders[number];

/** A row with what is in it. */
export interface Row {
  /** The container. */
  readonly container: ShownContainer;
  /** What it uses, if that is known. */
  readonly usage: ShownUsage | undefined;
}

/** Sorts rows: names and states from a to z, what is used from the most to the least. */
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

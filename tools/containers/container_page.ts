import type { Container } from "../../client/mod.ts";
import { formatTime } from "../../client/internal.ts";

/** Sort orders of lists of containers. */
export const sortOrders = ["username", "created", "state"] as const;

/** Sort order of a list of containers. */
export type SortOrder = typeof sortOrders[number];

/** Fields that are sorted by. */
type Sortable = Pick<Container, "username" | "state" | "createdAt" | "backendId">;

/** One page of containers. */
export interface ContainerPage<T> {
  /** Containers of this page. */
  readonly items: readonly T[];
  /** Cursor of the next page; absent on the last page. */
  readonly next: string | undefined;
}

/** Position of the last item of a page: items that appear or disappear do not shift the next page. */
type Place = readonly [SortOrder, string, string];

/** A container, and where it is in the order. */
interface Placed<T> {
  readonly item: T;
  readonly place: Place;
}

/**
 * Returns one page of containers.
 *
 * @param cursor `next` of the previous page, in the same order
 * @throws {RangeError} If the cursor is invalid or belongs to another order
 */
export function page<T extends Sortable>(
  items: readonly T[],
  sort: SortOrder,
  limit: number,
  cursor: string | undefined,
): ContainerPage<T> {
  const after = cursor === undefined ? undefined : readCursor(cursor, sort);
  const left = items
    .map((item): Placed<T> => ({ item, place: placeOf(item, sort) }))
    .filter(({ place }) => after === undefined || compare(place, after) > 0)
    .sort((a, b) => compare(a.place, b.place));
  const shown = left.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = left.length > shown.length && last !== undefined;
  return {
    items: shown.map(({ item }) => item),
    next: hasMore ? writeCursor(last.place) : undefined,
  };
}

function placeOf(item: Sortable, sort: SortOrder): Place {
  switch (sort) {
    case "username":
      return [sort, "", nameOf(item)];
    case "created":
      return [sort, formatTime(item.createdAt) ?? "", nameOf(item)];
    case "state":
      return [sort, item.state, nameOf(item)];
  }
}

/** Two hosts may each have a container of one user, e.g. during a move; a space sorts before any letter. */
function nameOf({ username, backendId = "" }: Sortable): string {
  return `${username} ${backendId}`;
}

function compare(a: Place, b: Place): number {
  const byKey = order(a[1], b[1]) * (a[0] === "created" ? -1 : 1);
  return byKey === 0 ? order(a[2], b[2]) : byKey;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeCursor(last: Place): string {
  return new TextEncoder().encode(JSON.stringify(last)).toBase64({ omitPadding: true });
}

function readCursor(cursor: string, sort: SortOrder): Place {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(cursor)));
  } catch {
    json = undefined;
  }
  if (!Array.isArray(json) || json.length !== 3) {
    throw new RangeError("This cursor is not from list_containers: call it without one");
  }
  const [order, key, username] = json;
  if (order !== sort || typeof key !== "string" || typeof username !== "string") {
    throw new RangeError(`This cursor belongs to another list: pass it with the same sort`);
  }
  return [sort, key, username];
}

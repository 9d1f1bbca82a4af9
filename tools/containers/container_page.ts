/** Sort orders of lists of containers. */
export const sortOrders = ["username", "created", "state"] as const;

/** Sort order of a list of containers. */
export type SortOrder = typeof sortOrders[number];

/** Fields that are sorted by. */
interface Sortable {
  readonly username: string;
  readonly state: string;
  readonly "created_at"?: string | undefined;
  readonly backend?: string | undefined;
}

/** One page of items. */
export interface ContainerPage<T> {
  /** Items of this page. */
  readonly items: readonly T[];
  /** Cursor of the next page; absent on the last page. */
  readonly next: string | undefined;
}

/** Position of the last item of a page: items that appear or disappear do not shift the next page. */
type Place = readonly [SortOrder, string, string];

/**
 * Returns one page of `items`.
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
  const sorted = items.toSorted((a, b) => compare(place(a, sort), place(b, sort), sort));
  const after = cursor === undefined ? undefined : readCursor(cursor, sort);
  const left = after === undefined
    ? sorted
    : sorted.filter((item) => compare(place(item, sort), after, sort) > 0);
  const shown = left.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = left.length > shown.length && last !== undefined;
  return { items: shown, next: hasMore ? writeCursor(place(last, sort)) : undefined };
}

function place(item: Sortable, sort: SortOrder): Place {
  switch (sort) {
    case "username":
      return [sort, "", nameOf(item)];
    case "created":
      return [sort, item.created_at ?? "", nameOf(item)];
    case "state":
      return [sort, item.state, nameOf(item)];
  }
}

/** Two hosts may each have a container of one user, e.g. during a move; a space sorts before any letter. */
function nameOf({ username, backend = "" }: Sortable): string {
  return `${username} ${encodeURIComponent(backend)}`;
}

function compare(a: Place, b: Place, sort: SortOrder): number {
  const byKey = order(a[1], b[1]) * (sort === "created" ? -1 : 1);
  return byKey === 0 ? order(a[2], b[2]) : byKey;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeCursor(last: Place): string {
  return btoa(JSON.stringify(last)).replaceAll("=", "");
}

function readCursor(cursor: string, sort: SortOrder): Place {
  let json: unknown;
  try {
    json = JSON.parse(atob(cursor));
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

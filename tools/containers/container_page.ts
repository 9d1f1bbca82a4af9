/** The orders in which containers can be listed. */
export const sortOrders = ["username", "created", "state"] as const;

/** An order in which containers can be listed. */
export type SortOrder = typeof sortOrders[number];

/** What is sorted by. */
interface Sortable {
  readonly username: string;
  readonly state: string;
  readonly "created_at"?: string | undefined;
  readonly backend?: string | undefined;
}

/** Some of the items, and where to go on. */
export interface ContainerPage<T> {
  /** The items of this page. */
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly next: string | undefined;
}

/** Where a page ended: the place of its last item, so that what comes and goes moves nothing. */
type Place = readonly [SortOrder, string, string];

/**
 * Cuts one page out of `items`.
 *
 * @param cursor The `next` of the page before, with the same order
 * @throws {RangeError} When the cursor is none, or belongs to another order
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

/** Two hosts may each have a container of one user, during a move for one; a space sorts before any letter. */
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

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Pages } from "../../server/paging.ts";
import { RpcError } from "../../server/rpc_error.ts";

/** Every page, in order. */
function allOf(pages: Pages<number>): readonly (readonly number[])[] {
  const found: (readonly number[])[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = pages.at(cursor);
    found.push(items);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return found;
}

Deno.test("Pages has every item on one page, in order, and no empty page but an only one", () => {
  const cases: readonly (readonly [count: number, pages: readonly (readonly number[])[]])[] = [
    [0, [[]]],
    [1, [[0]]],
    [2, [[0, 1]]],
    [3, [[0, 1], [2]]],
    [4, [[0, 1], [2, 3]]],
    [5, [[0, 1], [2, 3], [4]]],
  ];
  for (const [count, expected] of cases) {
    const items = Array.from({ length: count }, (_, at) => at);
    assertEquals(allOf(new Pages("things/list", items, 2)), expected, `${count} items`);
  }
});

Deno.test("Pages takes a cursor any number of times, and none but its own", () => {
  const pages = new Pages("things/list", [1, 2, 3], 2);
  const other = new Pages("things/list", [1, 2, 3], 2);
  const { nextCursor } = pages.at(undefined);
  assert(nextCursor !== undefined);
  assertEquals(pages.at(nextCursor), pages.at(nextCursor));
  for (const cursor of ["", "1", `${nextCursor} `, other.at(undefined).nextCursor]) {
    const error = assertThrows(() => pages.at(cursor ?? "none"), RpcError);
    assertEquals(error.code, -32602);
    assertEquals(
      error.message,
      "things/list: this cursor is not from this server; start again without one",
    );
  }
});

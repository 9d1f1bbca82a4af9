import { assert, assertEquals } from "@std/assert";
import { page, sortOrders } from "../../../tools/containers/container_page.ts";

/** Containers that count how often their names are read, last one first. */
function counted(count: number) {
  let reads = 0;
  const items = Array.from({ length: count }, (_, at) => ({
    get username() {
      reads++;
      return `u${String(count - at).padStart(6, "0")}`;
    },
    state: at % 2 === 0 ? "running" as const : "stopped" as const,
    createdAt: new Date(1_795_000_000_000 + at * 1_000),
  }));
  return { items, reads: () => reads };
}

Deno.test("page() looks at each container once, however many there are", async (t) => {
  for (const sort of sortOrders) {
    await t.step(sort, () => {
      const { items, reads } = counted(3_000);
      const { next } = page(items, sort, 50, undefined);
      assertEquals(reads(), 3_000);
      page(items, sort, 50, next);
      assertEquals(reads(), 6_000);
    });
  }
});

Deno.test("page() leads through all containers, in any order and with any name", async (t) => {
  for (const sort of sortOrders) {
    await t.step(sort, () => {
      const { items } = counted(7);
      const named = [...items, {
        username: "жанна",
        state: "running" as const,
        backendId: "half a character: \ud800",
      }];
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { items, next } = page(named, sort, 3, cursor);
        seen.push(...items.map(({ username }) => username));
        cursor = next;
      } while (cursor !== undefined);
      assertEquals(seen.length, 8);
      assertEquals(seen.toSorted(), named.map(({ username }) => username).toSorted());
      assert(sort !== "username" || seen.at(-1) === "жанна");
    });
  }
});

import { assertEquals } from "@std/assert";
import { usernameList } from "../../../tools/bulk/usernames.ts";

Deno.test("usernameList() checks the number before the usernames", () => {
  let looks = 0;
  const list = usernameList(() => {
    looks++;
    return undefined;
  });
  const { error } = list.safeParse(Array.from({ length: 1_000_000 }, (_, n) => `u${n}`));
  assertEquals(error?.issues.map(({ message }) => message), ["expected 1 to 100 usernames"]);
  assertEquals(looks, 0);
  assertEquals(list.safeParse(Array.from({ length: 100 }, (_, n) => `u${n}`)).success, true);
  assertEquals(looks, 100);
});

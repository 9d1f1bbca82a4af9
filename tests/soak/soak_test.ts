import { assertEquals } from "@std/assert";
import { soak } from "./soak.ts";

/** As long as `make test` can spare; `make soak` goes on for five minutes. */
const seconds = Number(Deno.env.get("SOAK_SECONDS") ?? 15);

Deno.test("servers answer once, truly and without secrets while anything goes wrong", async () => {
  const seed = Number(Deno.env.get("SOAK_SEED") ?? Date.now() % 1_000_000);
  // Other tests run at the same time.
  const { failures, calls } = await soak({ seconds, seed, servers: 2, exitMs: 5_000 });
  assertEquals(failures, [], `SOAK_SEED=${seed}, ${calls} calls`);
});

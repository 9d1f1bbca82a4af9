import { assertEquals } from "@std/assert";
import { z } from "zod";
import { ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { meantUsername, withUsernames } from "../../../server/calls/suggest_username.ts";
import { newUsernames, type ToolContext } from "../../../tools/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { contextOf } from "../../tools/context.ts";
import { secret } from "../fixture.ts";

const fleet = ["alice", "bob", "carol", "carol-container"].map((username) => ({ username }));

/** Runs a test with a context, and how often containers were listed in it. */
async function withFleet(
  test: (context: ToolContext, lists: () => number) => Promise<void>,
): Promise<void> {
  await using daemon = await startDaemon({ containers: fleet });
  using client = new ContainariumClient({ serverUrl: daemon.url, token: await daemon.token() });
  await test(contextOf(client), () => daemon.requests.length);
}

const missing = new ContainariumError("not_found", "There is no container");

Deno.test("meantUsername() suggests the nearest username, where one is missing", async () => {
  const cases: readonly (readonly [ContainariumError, unknown, string | undefined, number])[] = [
    [missing, "alise", "alice", 1],
    [missing, "alice", undefined, 1],
    [missing, "somebody-else", undefined, 1],
    [missing, 7, undefined, 0],
    [missing, undefined, undefined, 0],
    [new ContainariumError("conflict", "x"), "alise", undefined, 0],
  ];
  await withFleet(async (context, lists) => {
    for (const [error, username, meant, more] of cases) {
      const before = lists();
      assertEquals(await meantUsername(error, { username }, context), meant, String(username));
      assertEquals(lists() - before, more, String(username));
    }
  });
});

Deno.test("meantUsername() suggests nothing if containers cannot be listed", async () => {
  using client = new ContainariumClient({
    serverUrl: "http://127.0.0.1:1",
    token: secret,
    maxRetries: 0,
  });
  const meant = await meantUsername(missing, { username: "alise" }, contextOf(client));
  assertEquals(meant, undefined);
});

const one = z.strictObject({ username: z.string().optional(), other: z.string().optional() });
const several = z.strictObject({ usernames: z.array(z.string()).optional() });

Deno.test("withUsernames() takes a container's name for its owner's, where there is an owner", async () => {
  const cases: readonly (readonly [z.ZodObject, Record<string, unknown>, unknown, number])[] = [
    [one, { username: "alice-container" }, { username: "alice" }, 1],
    [one, { username: "alice" }, { username: "alice" }, 0],
    // Somebody is called that.
    [one, { username: "carol-container" }, { username: "carol-container" }, 1],
    [one, { username: "nobody-container" }, { username: "nobody-container" }, 1],
    [one, { username: "-container" }, { username: "-container" }, 0],
    [one, { other: "alice-container" }, { other: "alice-container" }, 0],
    [
      several,
      { usernames: ["bob", "alice-container", "nobody-container"] },
      { usernames: ["bob", "alice", "nobody-container"] },
      1,
    ],
    [several, { usernames: ["alice", "bob"] }, { usernames: ["alice", "bob"] }, 0],
    [several, {}, {}, 0],
  ];
  await withFleet(async (context, lists) => {
    for (const [schema, args, read, more] of cases) {
      const before = lists();
      const result = await withUsernames(schema, args, context);
      assertEquals<unknown>(result, read);
      assertEquals(Object.keys(result), Object.keys(args));
      assertEquals(lists() - before, more, JSON.stringify(args));
    }
  });
});

Deno.test("withUsernames() leaves names of new containers alone, however their schema is wrapped", async () => {
  const fresh = newUsernames.add(z.string(), true);
  const list = newUsernames.add(z.array(z.string()), true);
  const schemas: readonly z.ZodObject[] = [
    z.strictObject({ username: fresh }),
    z.strictObject({ username: fresh.optional() }),
    z.strictObject({ username: z.preprocess((value) => value, fresh) }),
    z.strictObject({ usernames: list.optional() }),
  ];
  // What is only converted is no name of a new one.
  const old = z.strictObject({ username: z.preprocess((value) => value, z.string()) });
  await withFleet(async (context, lists) => {
    for (const schema of schemas) {
      const args = { username: "alice-container", usernames: ["alice-container"] };
      assertEquals(await withUsernames(schema, args, context), args);
    }
    assertEquals(lists(), 0);
    const read = await withUsernames(old, { username: "alice-container" }, context);
    assertEquals(read, { username: "alice" });
  });
});

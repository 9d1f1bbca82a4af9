/** `completion/complete` as a client sees it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { connect, RpcFailure, type Session } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

async function complete(
  server: Session,
  path: string,
  name: string,
  value: string,
  chosen?: Readonly<Record<string, string>>,
): Promise<unknown> {
  const { completion } = await server.request("completion/complete", {
    ref: { type: "ref/resource", uri: `containarium://${path}` },
    argument: { name, value },
    ...(chosen === undefined ? {} : { context: { arguments: chosen } }),
  });
  return completion;
}

Deno.test("completion/complete has usernames that begin with the typed text before those that contain it", async () => {
  const usernames = ["bea", "alice", "abe", "tabea"];
  await using daemon = await startDaemon({
    containers: usernames.map((username) => ({ username })),
  });
  await using server = await connect(daemon);
  const path = "containers/{username}/logs";
  assertEquals(await complete(server, path, "username", "Be"), {
    values: ["bea", "abe", "tabea"],
    total: 3,
    hasMore: false,
  });
  assertEquals(await complete(server, path, "username", "xyz"), {
    values: [],
    total: 0,
    hasMore: false,
  });
});

Deno.test("completion/complete gives at most 100 values, and says that there are more", async () => {
  const containers = Array.from({ length: 120 }, (_, n) => ({ username: `ci-${n}` }));
  await using daemon = await startDaemon({ containers });
  await using server = await connect(daemon);
  const completion = await complete(server, "containers/{username}", "username", "");
  const { values, total, hasMore } = Object(completion);
  assertEquals([values.length, total, hasMore], [100, 120, true]);
});

Deno.test("completion/complete knows snapshots by the username chosen before, templates and states", async () => {
  await using daemon = await startDaemon({
    zfs: true,
    recipes: [{ id: "web" }],
    containers: [{ username: "alice", snapshots: ["one", "two"] }],
  });
  await using server = await connect(daemon);
  const path = "containers/{username}/snapshots/{snapshot}";
  const valuesOf = async (...args: Parameters<typeof complete>) =>
    Object(await complete(...args)).values;
  assertEquals(await valuesOf(server, path, "snapshot", "", { username: "alice" }), ["two", "one"]);
  assertEquals(await valuesOf(server, path, "snapshot", "", { username: "nobody" }), []);
  assertEquals(await valuesOf(server, path, "snapshot", "", { username: "../x" }), []);
  assertEquals(await valuesOf(server, path, "snapshot", ""), []);
  assert((await valuesOf(server, "templates/{template}", "template", "")).includes("web"));
  assertEquals(await valuesOf(server, "containers?state={state}", "state", "f"), [
    "frozen",
    "failed",
  ]);
});

Deno.test("completion/complete refuses what there is not with -32602", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const refused: readonly Readonly<Record<string, unknown>>[] = [
    {},
    { ref: { type: "ref/prompt", name: "none" }, argument: { name: "a", value: "" } },
    { ref: { type: "ref/tool", name: "x" }, argument: { name: "a", value: "" } },
    {
      ref: { type: "ref/resource", uri: "containarium://containers/{username}" },
      argument: { name: "constructor", value: "" },
    },
    {
      ref: { type: "ref/resource", uri: "containarium://none/{username}" },
      argument: { name: "username", value: "" },
    },
  ];
  for (const params of refused) {
    const error = await assertRejects(
      () => server.request("completion/complete", params),
      RpcFailure,
    );
    assertEquals(error.code, -32602, error.message);
  }
});

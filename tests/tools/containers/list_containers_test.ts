import { assertEquals, assertStringIncludes } from "@std/assert";
import { listContainers } from "../../../tools/containers/list_containers.ts";
import { connect } from "../../connect.ts";
import { startDaemon } from "../../daemon/mod.ts";

Deno.test("list_containers shows every container in a table and as data", async () => {
  await using daemon = await startDaemon({
    containers: [
      { username: "bob", state: "CONTAINER_STATE_STOPPED" },
      {
        username: "alice",
        labels: { team: "dev" },
        resources: { cpu: "2", memory: "4GB", disk: "20GB" },
      },
    ],
  });
  await using server = await connect(daemon);

  const answer = await server.call("list_containers");

  const { total, containers } = listContainers.output.parse(answer.structuredContent);
  assertEquals(total, 2);
  assertEquals(containers.map(({ username, state }) => [username, state]), [
    ["alice", "running"],
    ["bob", "stopped"],
  ]);
  const [count, header, alice] = answer.text.split("\n");
  assertEquals(count, "2 containers");
  assertEquals(header?.split(/ {2,}/), [
    "username",
    "state",
    "ip_address",
    "cpu",
    "memory",
    "disk",
    "backend",
    "labels",
  ]);
  assertStringIncludes(alice ?? "", "team=dev");
});

Deno.test("list_containers says when there is none", async () => {
  await using daemon = await startDaemon();
  await using server = await connect(daemon);
  const answer = await server.call("list_containers");
  assertEquals(answer.text, "No containers.");
  assertEquals(answer.structuredContent, { total: 0, containers: [] });
});

Deno.test("list_containers shows a user only their own", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await connect({
    url: daemon.url,
    token: await daemon.token({ username: "bob" }),
  });
  const { containers } = listContainers.output.parse(
    (await server.call("list_containers")).structuredContent,
  );
  assertEquals(containers.map(({ username }) => username), ["bob"]);
});

Deno.test("list_containers shows hidden characters in labels instead of passing them on", async () => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice", labels: { note: "ok\u001b[2J\u202e\u{e0041}" } }],
  });
  await using server = await connect(daemon);
  const { text, structuredContent } = await server.call("list_containers");
  const shown = "ok\\u{1b}[2J\\u{202e}\\u{e0041}";
  assertStringIncludes(text, `note=${shown}`);
  const [alice] = listContainers.output.parse(structuredContent).containers;
  assertEquals(alice?.labels, { note: shown });
});

Deno.test("list_containers filters, sorts and pages", async (t) => {
  const day = (n: number) => new Date(Date.UTC(2026, 10, n));
  await using daemon = await startDaemon({
    containers: [
      { username: "alice", labels: { team: "dev" }, createdAt: day(1) },
      {
        username: "bob",
        labels: { team: "dev" },
        state: "CONTAINER_STATE_STOPPED",
        createdAt: day(3),
      },
      { username: "carol", createdAt: day(2) },
      { username: "dave", labels: { team: "ops" }, createdAt: day(4) },
    ],
  });
  await using server = await connect(daemon);
  const list = async (args: Readonly<Record<string, unknown>>) => {
    const answer = await server.call("list_containers", args);
    assertEquals(answer.isError, false, answer.text);
    const { total, containers, next_cursor: next } = listContainers.output.parse(
      answer.structuredContent,
    );
    return { total, names: containers.map(({ username }) => username), next, text: answer.text };
  };
  await t.step("by state and labels", async () => {
    assertEquals((await list({ state: "stopped" })).names, ["bob"]);
    assertEquals((await list({ labels: { team: "dev" }, state: "running" })).names, ["alice"]);
    assertEquals((await list({ labels: { team: "" } })).names, ["carol"]);
  });
  await t.step("newest first, or by state", async () => {
    assertEquals((await list({ sort: "created" })).names, ["dave", "bob", "carol", "alice"]);
    assertEquals((await list({ sort: "state" })).names, ["alice", "carol", "dave", "bob"]);
  });
  for (const sort of ["username", "created", "state"]) {
    await t.step(
      `page by page, by ${sort}, also when the last one has gone meanwhile`,
      async () => {
        const all = (await list({ sort })).names;
        const first = await list({ sort, limit: 2 });
        assertEquals([first.total, first.names], [4, all.slice(0, 2)]);
        assertStringIncludes(first.text, `2 of 4 containers`);
        assertStringIncludes(
          first.text,
          `More: list_containers with the same arguments and cursor="${first.next}"`,
        );
        const second = await list({ sort, limit: 2, cursor: first.next });
        assertEquals([second.names, second.next], [all.slice(2), undefined]);
      },
    );
  }
  await t.step("a cursor that is none, or another list's", async () => {
    const { next } = await list({ limit: 1 });
    for (const args of [{ cursor: "x" }, { cursor: next, sort: "created" }]) {
      const { isError, text } = await server.call("list_containers", args);
      assertEquals(isError, true);
      assertStringIncludes(text, "cursor");
    }
  });
});

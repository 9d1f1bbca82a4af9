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

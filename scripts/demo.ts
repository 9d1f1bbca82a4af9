/**
 * `make demo`: an MCP client's conversation with the real server, which speaks to a simulated
 * daemon. Fails if any response is not the expected one.
 *
 * @module
 */
import { assert } from "@std/assert";
import { z } from "zod";
import { connectProcess } from "../tests/connect.ts";
import { startDaemon, whyNoPty } from "../tests/daemon/mod.ts";
import { startRunnerWorld } from "../tests/github/runner_box.ts";
import { journal, lookInside } from "./demo/inside.ts";
import { chooseToolsets, finding, podman } from "./demo/opt_in.ts";
import { password, walkTheRoadmap } from "./demo/roadmap.ts";
import { answered, asked, call, explained, reported } from "./demo/voice.ts";

/** The part of the response to `initialize` that the demo shows. */
const Implementation = z.object({ name: z.string(), title: z.string(), version: z.string() });

async function demo(): Promise<void> {
  const lacking = await whyNoPty();
  await using world = await startRunnerWorld();
  const programs = { ...world.programs, podman };
  await using daemon = await startDaemon({
    ...(lacking === undefined ? { shell: { journal, programs } } : {}),
    zfs: true,
    postgresBoxes: [{ username: "ci-1", user: "app", password, databases: { appdb: 3 } }],
    coreServices: ["security", "victoriametrics"],
    gpus: 1,
    findings: [finding],
    delays: { creatingMs: 400, provisioningMs: 900, stopMs: 300, startMs: 200, deleteMs: 300 },
  });
  await explained(`A simulated Containarium daemon listens on ${daemon.url}.`);
  await using server = await connectProcess(daemon, { initialize: false });

  await explained("The client introduces itself.");
  await asked("initialize");
  const { protocolVersion, serverInfo } = await server.initialize();
  const { name, title, version } = Implementation.parse(serverInfo);
  await answered(`${title} (${name}) ${version}, protocol ${protocolVersion}`);

  await explained("What can the server do?");
  await asked("tools/list");
  const { tools } = await server.request("tools/list");
  assert(Array.isArray(tools) && tools.length > 0, "no tools");
  for (const { name, description } of tools) await answered(`${name}: ${description}`);

  await explained("Three containers at once.");
  const people = [
    { username: "alice", cpu: "2", memory: "4GB", disk: "20GB" },
    { username: "bob", cpu: "1", memory: "2GB", disk: "10GB" },
    { username: "carol", cpu: "4", memory: "8GB", disk: "50GB" },
  ];
  for (const person of people) await asked(`tools/call create_container ${JSON.stringify(person)}`);
  const creations = people.map((person) =>
    server.call("create_container", person, { progressToken: person.username })
  );
  server.onNotification("notifications/progress", ({ message }) => reported(message));
  for (const { isError, text } of await Promise.all(creations)) {
    assert(!isError, text);
    await answered(text.replaceAll("\n", "  "));
  }

  await explained("How are they?");
  await call(server, "list_containers");
  await call(server, "get_metrics");
  await call(server, "get_system_info");

  if (lacking === undefined) {
    await lookInside(server, daemon);
  } else {
    await explained(`Not shown: what happens in a container (${lacking}).`);
  }

  await explained("Stop one, start it again, delete another.");
  await call(server, "stop_container", { username: "alice" });
  await call(server, "start_container", { username: "alice" });
  await call(server, "delete_container", { username: "bob" });
  await call(server, "list_containers");

  if (lacking === undefined) {
    await chooseToolsets(daemon, world);
    await walkTheRoadmap(daemon);
  }

  await explained("That was the real server over stdio. Next: make daemon, to try it yourself");
}

await demo();

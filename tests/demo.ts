/**
 * `make demo`: an MCP client's conversation with the real server, which speaks to a simulated
 * daemon. Ends with an error when anything is answered that should not be.
 *
 * @module
 */
import { assert } from "@std/assert";
import { z } from "zod";
import { connect, type Session } from "./connect.ts";
import { startDaemon } from "./daemon/mod.ts";

/** What the server says of itself, as far as the demo shows it. */
const Implementation = z.object({ name: z.string(), title: z.string(), version: z.string() });

const isColoured = Deno.stdout.isTerminal() && !Deno.noColor;
const paint = (code: number, text: string) => isColoured ? `\x1b[${code}m${text}\x1b[0m` : text;

async function say(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}

const asked = (text: string) => say(paint(36, `→ ${text}`));
const answered = (text: string) => say(text.replaceAll(/^/gm, paint(32, "← ")));
const explained = (text: string) => say(paint(1, `\n${text}`));

async function call(
  server: Session,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await asked(`tools/call ${name} ${JSON.stringify(args)}`);
  const { isError, text } = await server.call(name, args);
  await answered(text);
  assert(!isError, `${name} failed: ${text}`);
}

async function demo(): Promise<void> {
  await using daemon = await startDaemon({
    delays: { creatingMs: 400, provisioningMs: 900, stopMs: 300, startMs: 200, deleteMs: 300 },
  });
  await explained(`A simulated Containarium daemon listens on ${daemon.url}.`);
  await using server = await connect(daemon, { initialize: false });

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
  server.onNotification("notifications/progress", ({ message }) => say(paint(33, `… ${message}`)));
  for (const { isError, text } of await Promise.all(creations)) {
    assert(!isError, text);
    await answered(text.replaceAll("\n", "  "));
  }

  await explained("How are they?");
  await call(server, "list_containers");
  await call(server, "get_metrics");
  await call(server, "get_system_info");

  await explained("Stop one, start it again, delete another.");
  await call(server, "stop_container", { username: "alice" });
  await call(server, "start_container", { username: "alice" });
  await call(server, "delete_container", { username: "bob" });
  await call(server, "list_containers");

  await explained("That was the real server over stdio. Next: make test");
}

await demo();

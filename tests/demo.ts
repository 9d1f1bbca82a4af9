/**
 * `make demo`: an MCP client's conversation with the real server, which speaks to a simulated
 * daemon. Ends with an error when anything is answered that should not be.
 *
 * @module
 */
import { assert } from "@std/assert";
import { z } from "zod";
import { connect, type Session } from "./connect.ts";
import { type Daemon, startDaemon, whyNoPty } from "./daemon/mod.ts";

/** What the server says of itself, as far as the demo shows it. */
const Implementation = z.object({ name: z.string(), title: z.string(), version: z.string() });

/** What an opened terminal says of itself, as far as the demo needs it. */
const Opened = z.object({ terminal_id: z.string() });

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

const time = new Date("2026-11-20T08:00:00Z");
const journal = [
  { time, message: "Started nginx.service", unit: "nginx.service", identifier: "systemd" },
  { time, message: "worker 7 done", unit: "app.service", identifier: "app" },
];

const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP alice@laptop";

/** What is to be done in a container; its "container" is a scratch folder of this machine. */
async function lookInside(server: Session, daemon: Daemon): Promise<void> {
  const username = "alice";
  await explained("Run a command in a container.");
  await call(server, "run_command", {
    username,
    command: 'echo "hello from $USER"; echo "no such thing" >&2; exit 3',
  });

  await explained("Read its journal, then follow it.");
  await call(server, "get_logs", { username, unit: "nginx.service", lines: 5 });
  const line = Promise.withResolvers<void>();
  server.onNotification("notifications/progress", ({ message }) => {
    line.resolve();
    return say(paint(33, `… ${message}`));
  });
  await asked(`tools/call get_logs ${JSON.stringify({ username, lines: 1, follow_seconds: 2 })}`);
  const following = server.call(
    "get_logs",
    { username, lines: 1, follow_seconds: 2 },
    { progressToken: "logs" },
  );
  await writeUntil(line.promise, () =>
    daemon.logJournal(username, {
      message: "GET / 500",
      unit: "nginx.service",
      identifier: "nginx",
      priority: 3,
    }));
  await following;

  await explained("Let a key log in, and see that it may.");
  await call(server, "add_ssh_key", { username, public_key: publicKey });
  await call(server, "run_command", { username, command: "cat ~/.ssh/authorized_keys" });
  await call(server, "list_ssh_keys", { username });

  await explained("Drive vi on a screen.");
  const { structuredContent } = await server.call("open_terminal", { username, cols: 60, rows: 8 });
  const { terminal_id } = Opened.parse(structuredContent);
  const type = async (args: Readonly<Record<string, unknown>>) => {
    await asked(`tools/call send_to_terminal ${JSON.stringify(args)}`);
    const { isError, text } = await server.call("send_to_terminal", { terminal_id, ...args });
    assert(!isError, text);
    return text;
  };
  await type({ text: "vi notes.txt\r", wait_seconds: 2 });
  await answered(await type({ text: "ihello, box", keys: ["Escape"], wait_for: "hello, box" }));
  await type({ text: ":wq\r", wait_seconds: 2 });
  await call(server, "close_terminal", { terminal_id });
  await call(server, "run_command", { username, command: "cat notes.txt" });
}

/** What a snapshot is good for. */
async function breakAndRestore(server: Session): Promise<void> {
  const username = "alice";
  await explained("Take a snapshot, break something, go back.");
  await call(server, "create_snapshot", { username, name: "before" });
  await call(server, "run_command", { username, command: "rm notes.txt; ls" });
  await call(server, "restore_snapshot", { username, name: "before" });
  await call(server, "run_command", { username, command: "cat notes.txt" });
}

/** Writes again and again until it was seen: nothing tells when following has begun. */
async function writeUntil(seen: Promise<void>, write: () => void): Promise<void> {
  const timer = setInterval(write, 300);
  await seen.finally(() => clearInterval(timer));
}

async function demo(): Promise<void> {
  const lacking = await whyNoPty();
  await using daemon = await startDaemon({
    ...(lacking === undefined ? { shell: { journal } } : {}),
    zfs: true,
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

  if (lacking === undefined) {
    await lookInside(server, daemon);
    await breakAndRestore(server);
  } else await explained(`Not shown: commands, logs, keys, terminals, snapshots (${lacking}).`);

  await explained("Stop one, start it again, delete another.");
  await call(server, "stop_container", { username: "alice" });
  await call(server, "start_container", { username: "alice" });
  await call(server, "delete_container", { username: "bob" });
  await call(server, "list_containers");

  await explained("That was the real server over stdio. Next: make test");
}

await demo();

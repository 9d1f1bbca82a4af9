/** The demo's look inside a container; its "container" is a scratch folder of this machine. @module */
import { assert } from "@std/assert";
import { z } from "zod";
import type { Session } from "../../tests/connect.ts";
import type { Daemon } from "../../tests/daemon/mod.ts";
import { answered, asked, call, explained, reported } from "./voice.ts";

/** The part of an opened terminal's result that the demo needs. */
const Opened = z.object({ terminal_id: z.string() });

const time = new Date("2026-11-20T08:00:00Z");
/** Entries of the container's journal. */
export const journal = [
  { time, message: "Started nginx.service", unit: "nginx.service", identifier: "systemd" },
  { time, message: "worker 7 done", unit: "app.service", identifier: "app" },
];

const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP alice@laptop";

/** Runs a command, reads logs, adds a key and drives `vi`. */
export async function lookInside(server: Session, daemon: Daemon): Promise<void> {
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
    return reported(message);
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
/** Writes repeatedly until a line was reported: there is no event for the start of following. */
async function writeUntil(seen: Promise<void>, write: () => void): Promise<void> {
  const timer = setInterval(write, 300);
  await seen.finally(() => clearInterval(timer));
}

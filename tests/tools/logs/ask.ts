import { assertEquals } from "@std/assert";
import type { z } from "zod";
import { getLogs } from "../../../tools/logs/get_logs.ts";
import type { CallResult, Session } from "../../connect.ts";
import {
  type Daemon,
  type JournalEntry,
  type ShellOptions,
  startDaemon,
} from "../../daemon/mod.ts";

/** What get_logs answered. */
export type Logs = Omit<z.output<typeof getLogs.output>, "entries" | "left_out"> & {
  readonly entries: NonNullable<z.output<typeof getLogs.output>["entries"]>;
  readonly left_out: number;
  readonly text: string;
  readonly messages: readonly string[];
};

/** An entry of that minute. */
export const at = (minute: number, entry: JournalEntry): JournalEntry => ({
  time: new Date(Date.UTC(2026, 10, 21, 6, minute, 30, 123)),
  ...entry,
});

/** A small journal; cron's entries are the user's own. */
export const journal: readonly JournalEntry[] = [
  at(11, { message: "bind() failed", unit: "nginx.service", identifier: "nginx", priority: 3 }),
  at(12, { message: "Started", unit: "cron.service", identifier: "systemd", own: true }),
  at(13, { message: "worker 7 done", unit: "nginx.service", identifier: "nginx", priority: 7 }),
];

/** Starts a daemon where alice's container runs and bob's does not. */
export function startBox(shell: ShellOptions): Promise<Daemon> {
  return startDaemon({
    containers: [{ username: "alice" }, { username: "bob", state: "CONTAINER_STATE_STOPPED" }],
    shell,
  });
}

/** Parses a result, with defaults for absent fields. */
export function logsOf({ text, structuredContent }: CallResult): Logs {
  const { entries = [], left_out: leftOut = 0, ...rest } = getLogs.output.parse(structuredContent);
  const messages = entries.map(({ message }) => message);
  return { ...rest, entries, left_out: leftOut, text, messages };
}

/** Asks for logs of alice's. */
export async function read(
  session: Session,
  args: Readonly<Record<string, unknown>> = {},
): Promise<Logs> {
  const answer = await session.call("get_logs", { username: "alice", ...args });
  assertEquals(answer.isError, false, answer.text);
  return logsOf(answer);
}

/** The refusal of a call. */
export async function refusal(
  session: Session,
  args: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { isError, text } = await session.call("get_logs", { username: "alice", ...args });
  assertEquals(isError, true, text);
  return text;
}

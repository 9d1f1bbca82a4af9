/**
 * A daemon with a container, and both places of its keys.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { z } from "zod";
import { change } from "../../../tools/ssh_keys/key_answer.ts";
import { ed25519Of } from "../../client/ssh_keys/make_key.ts";
import type { Session } from "../../connect.ts";
import { type Daemon, type ShellOptions, startDaemon } from "../../daemon/mod.ts";

const nobodys = `${ed25519Of(new Uint8Array(32))} nobody`;

/** Starts a daemon where alice's container runs and bob's does not. */
export function startBox(
  { sshKeys = [], ...shell }:
    & { readonly sshKeys?: readonly string[] }
    & Pick<ShellOptions, "missing" | "silenceSeconds"> = {},
): Promise<Daemon> {
  return startDaemon({
    containers: [
      { username: "alice", sshKeys },
      { username: "bob", state: "CONTAINER_STATE_STOPPED", sshKeys },
    ],
    shell,
  });
}

/** Returns the path of a container's file on this machine. */
export function fileOf(daemon: Daemon, username = "alice"): string {
  return `${daemon.home(username)}/.ssh/authorized_keys`;
}

/** Writes a container's file, and creates its folder if necessary. */
export async function writeKeys(daemon: Daemon, content: string | Uint8Array): Promise<void> {
  await Deno.mkdir(`${daemon.home("alice")}/.ssh`, { recursive: true, mode: 0o700 });
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await Deno.writeFile(fileOf(daemon), bytes, { mode: 0o600 });
}

/** The lines of a container's file. */
export async function linesOf(daemon: Daemon, username = "alice"): Promise<readonly string[]> {
  return (await Deno.readTextFile(fileOf(daemon, username))).split("\n").slice(0, -1);
}

/** Returns the number of lines on the host. */
export async function hostCount(daemon: Daemon, username = "alice"): Promise<number> {
  return await removeFromHost(daemon, nobodys, username);
}

/** Removes a line from the host; returns whether it was there. */
export async function takeFromHost(
  daemon: Daemon,
  line: string,
  username = "alice",
): Promise<boolean> {
  const before = await hostCount(daemon, username);
  return await removeFromHost(daemon, line, username) < before;
}

async function removeFromHost(daemon: Daemon, line: string, username: string): Promise<number> {
  const path = `/v1/containers/${username}/ssh-keys/${encodeURIComponent(line)}`;
  const headers = { authorization: `Bearer ${await daemon.token()}` };
  const answer = await fetch(`${daemon.url}${path}`, { method: "DELETE", headers });
  const { totalKeys } = await answer.json();
  if (typeof totalKeys !== "number") throw new Error(`DELETE answered ${answer.status}`);
  return totalKeys;
}

/** Calls a tool that changes keys, for alice. */
export async function changeKeys(
  session: Session,
  name: "add_ssh_key" | "remove_ssh_key",
  args: Readonly<Record<string, unknown>>,
): Promise<z.output<typeof change> & { readonly text: string; readonly outcomes: string[] }> {
  const answer = await session.call(name, { username: "alice", ...args });
  assertEquals(answer.isError, false, answer.text);
  const output = change.parse(answer.structuredContent);
  assertEquals(output.places.map(({ place }) => place), args.places ?? ["container", "host"]);
  return { ...output, text: answer.text, outcomes: output.places.map(({ outcome }) => outcome) };
}

/** Calls a tool that must fail, and returns the text. */
export async function refusal(
  session: Session,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { isError, text } = await session.call(name, { username: "alice", ...args });
  assertEquals(isError, true, text);
  return text;
}

/**
 * How the owner of a new container logs in.
 *
 * @module
 */
import { z } from "zod";
import type { Container } from "../../client/mod.ts";
import type { Creation } from "./resolve.ts";

/** Login command in a result. */
export const ssh = z.string().optional()
  .describe("SSH login command, for where the address is reachable; absent: see next");

/** Returns the login command, if a key was given and the daemon reports an address. */
export function sshCommand(
  creation: Creation<unknown>,
  { username, sshHost, ipAddress }: Container,
): string | undefined {
  const host = sshHost ?? ipAddress;
  if (!hasSsh(creation) || !hasKey(creation) || host === undefined) return undefined;
  // Text from the daemon must stay one word in a shell.
  return /^[\w.:-]+$/.test(host) ? `ssh ${username}@${host}` : undefined;
}

/** Returns what to do before anybody can log in; `undefined` if a key was given. */
export function loginStep(creation: Creation<unknown>): string | undefined {
  if (!hasSsh(creation) || hasKey(creation)) return undefined;
  const call = `add_ssh_key(username="${creation.username}", public_key=…)`;
  return `no SSH key was given, so nobody can log in yet: ${call}`;
}

function hasSsh({ make }: Creation<unknown>): boolean {
  return make.kind === "recipe" || make.options.os !== "windows_2022";
}

function hasKey({ make }: Creation<unknown>): boolean {
  return make.kind === "container" && (make.options.sshKeys ?? []).length > 0;
}

/** The Linux accounts of the host: what a sentinel's SSH reaches a container through. @module */

import type { ContainerSeed } from "./types.ts";

/** One account. */
export interface HostAccount {
  readonly shell: string;
  readonly keys: readonly string[];
}

/** The shell that a sync create gives, which is not installed on a host without the proxy set-up. */
export const containariumShell = "/usr/local/bin/containarium-shell";
/** The shell that an async create with keys gives. */
export const noLogin = "/usr/sbin/nologin";

/** The accounts that there are from the start. */
export function createAccounts(
  names: readonly string[],
  containers: readonly ContainerSeed[],
): Map<string, HostAccount> {
  const accounts = new Map<string, HostAccount>();
  for (const name of names) accounts.set(name, { shell: "/bin/bash", keys: [] });
  for (const { username, sshKeys = [] } of containers) {
    if (isHostUsername(username)) {
      accounts.set(username, { shell: containariumShell, keys: sshKeys });
    }
  }
  return accounts;
}

/** Whether the daemon makes a host account of that name; for others it silently does without. */
export function isHostUsername(username: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,31}$/.test(username);
}

/** Why a text is no public key, in the daemon's words; undefined when it is one. */
export function publicKeyProblem(key: string): string | undefined {
  if (/[\r\n]/.test(key)) return "key must be a single line";
  const lower = key.toLowerCase();
  for (
    const word of [
      "your_key",
      "your-key",
      "yourkey",
      "placeholder",
      "replace_me",
      "replace-me",
      "todo",
      "...",
    ]
  ) {
    if (lower.includes(word)) return `key contains placeholder text "${word}"`;
  }
  const [type = "", base64 = ""] = key.trim().split(/\s+/);
  return isKeyBlob(type, base64) ? undefined : "not a valid SSH public key: ssh: no key found";
}

/** The blob of a public key begins with its own type, after a 32-bit length. */
function isKeyBlob(type: string, base64: string): boolean {
  try {
    const bytes = Uint8Array.fromBase64(base64);
    return type !== "" && bytes.length > 4 + type.length &&
      new TextDecoder().decode(bytes.subarray(4, 4 + type.length)) === type;
  } catch {
    return false;
  }
}

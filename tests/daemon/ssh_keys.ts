/** The keys of a container's host account. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { requiredUsername } from "./containers.ts";
import { type HostAccount, publicKeyProblem } from "./host_accounts.ts";
import { text } from "./protojson.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";

/** Adding and removing keys; nothing lists them. */
export const sshKeyRoutes: readonly Route[] = [
  {
    method: "POST",
    pattern: "/v1/containers/{username}/ssh-keys",
    implementedSince: "0.67.0",
    handle: addKey,
  },
  {
    method: "DELETE",
    pattern: "/v1/containers/{username}/ssh-keys/{ssh_public_key}",
    implementedSince: "0.67.0",
    handle: removeKey,
  },
];

function addKey(call: Call): unknown {
  const { world, caller, param } = call;
  const { sshPublicKey } = call.body({ username: text, sshPublicKey: text });
  requireScope(caller, "ssh:write");
  const username = requiredUsername(param("username"));
  requireTenant(caller, username);
  const key = sshPublicKey.trim();
  if (key === "") throw goError("ssh_public_key is required");
  const problem = publicKeyProblem(key);
  if (problem !== undefined) throw goError(`add authorized key: invalid public key: ${problem}`);
  const account = accountOf(call, username, "add authorized key");
  const keys = account.keys.includes(key) ? account.keys : [...account.keys, key];
  world.hostAccounts.set(username, { ...account, keys });
  return {
    message:
      `SSH key added for ${username} (sentinel resynced; falls back to the periodic keysync if it was unreachable)`,
    totalKeys: keys.length,
  };
}

function removeKey(call: Call): unknown {
  const { world, caller, param } = call;
  requireScope(caller, "ssh:write");
  const username = requiredUsername(param("username"));
  requireTenant(caller, username);
  const account = accountOf(call, username, "remove authorized key");
  const key = param("ssh_public_key").trim();
  // A key that is not there is no error: only the count tells.
  const keys = account.keys.filter((line) => line !== key);
  world.hostAccounts.set(username, { ...account, keys });
  return { message: `SSH key removed for ${username}`, totalKeys: keys.length };
}

function accountOf({ world }: Call, username: string, doing: string): HostAccount {
  const account = world.hostAccounts.get(username);
  if (account === undefined) {
    throw goError(`${doing}: host user "${username}" does not exist (was the container created?)`);
  }
  return account;
}

/** Lets a daemon keep something under usernames, as another client would. @module */
import type { Daemon } from "../../daemon/mod.ts";

/** Sends a request to the daemon as an admin, past the client. */
export async function sendRaw(
  daemon: Daemon,
  method: string,
  path: string,
  body?: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${daemon.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${await daemon.token()}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return JSON.parse(await answer.text());
}

/** Lets a port of the host lead to a user's container. */
export async function keepPort(
  daemon: Daemon,
  username: string,
  externalPort = 15_000,
): Promise<void> {
  const target = { targetIp: "10.77.0.5", targetPort: 80, containerName: `${username}-container` };
  await sendRaw(daemon, "POST", "/network/passthrough", { externalPort, ...target });
}

/** Lets a domain lead to a user's container; the daemon finds the container by its address where it is not named. */
export async function keepDomain(
  daemon: Daemon,
  domain: string,
  containerName = "alice-container",
  targetIp = "10.77.0.5",
): Promise<void> {
  await sendRaw(daemon, "POST", "/network/routes", {
    ...{ domain, targetIp, targetPort: 80, containerName },
  });
}

/** Gives somebody an account in a user's container, which has to exist. */
export async function keepCollaborator(
  daemon: Daemon,
  username: string,
  name = "amy",
): Promise<void> {
  const key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVnZ2VnZ2VnZ2VnZ2VnZ2VnZ2VnZ2VnZ2VnZ2VnZ2Vn t@x";
  await sendRaw(daemon, "POST", `/containers/${username}/collaborators`, {
    collaboratorUsername: name,
    sshPublicKeys: [key],
  });
}

/** Sets a tenant's network policy. */
export async function keepPolicy(
  daemon: Daemon,
  tenant: string,
  egressCidrs: readonly string[] = ["10.0.0.0/8"],
): Promise<void> {
  await sendRaw(daemon, "POST", "/network-policies", { policy: { tenant, egressCidrs } });
}

/** Stores access rules, which the daemon cannot apply. */
export async function keepRules(daemon: Daemon, username: string): Promise<void> {
  await sendRaw(daemon, "PUT", `/containers/${username}/acl`, { preset: "ACL_PRESET_HTTP_ONLY" });
}

/** Stores a secret, as version 1 or the next. */
export async function keepSecret(
  daemon: Daemon,
  username: string,
  name = "API_KEY",
  value = "s3cr3t-value",
): Promise<void> {
  await sendRaw(daemon, "POST", "/secrets", { username, name, value });
}

/** All of these. */
export async function keepAll(daemon: Daemon, username: string): Promise<void> {
  await keepSecret(daemon, username);
  await keepPort(daemon, username);
  await keepCollaborator(daemon, username);
  await keepPolicy(daemon, username);
  await keepRules(daemon, username);
}

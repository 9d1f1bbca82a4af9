import type { Container } from "../../client/mod.ts";
import { containerName, usernamePattern } from "../../client/internal.ts";
import { defineResource } from "../resource.ts";

/** An OpenSSH `config` for every container that has an address. */
export const sshConfigResource = defineResource({
  uri: "containarium://ssh-config",
  name: "ssh-config",
  title: "SSH configuration",
  description: "An OpenSSH config with a Host for each container, to be included in ~/.ssh/config",
  mimeType: "text/plain",
  priority: 0.4,
  tools: ["list_containers"],
  variables: {},
  read: async (_values, { client, signal }) => ({
    text: sshConfig(await client.containers.list({ signal })),
  }),
  state: async (_values, shared) => sshConfig(await shared.containers()),
});

/** Matches what is one word and not a pattern in a `config`. */
const address = /^[\w.:-]+$/;

/** Returns the text of an OpenSSH `config`. Anything but usernames and addresses is left out. */
export function sshConfig(containers: readonly Container[]): string {
  const sorted = containers.filter(({ username }) => usernamePattern.test(username))
    .toSorted((a, b) => a.username < b.username ? -1 : 1);
  return [
    "# Save as ~/.ssh/containarium, and begin ~/.ssh/config with: Include containarium",
    ...sorted.map(hostOf),
    "",
  ].join("\n");
}

function hostOf({ username, state, os, ipAddress, sshHost }: Container): string {
  const name = containerName(username);
  if (os === "windows_2022") return `\n# ${name}: Windows has no SSH`;
  const host = sshHost ?? ipAddress;
  if (host === undefined || !address.test(host)) return `\n# ${name}: no address (${state})`;
  return [
    `\nHost ${name}`,
    `    HostName ${host}`,
    `    User ${username}`,
    // Addresses are reused by other containers later; the host key belongs to this container.
    ...(sshHost === undefined ? [`    HostKeyAlias ${name}`] : []),
  ].join("\n");
}

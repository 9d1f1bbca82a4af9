/**
 * Which usernames are safe in a URL, and which may be created. Checked before a URL is built: the
 * daemon decodes a path before it routes it, so `x%2Fdebug` would reach another endpoint.
 *
 * @module
 */
import { ApiPath } from "../transport/api_path.ts";
import { ContainariumError } from "../errors.ts";

/** Usernames that are safe in a path. The daemon accepts capitals and leading digits. */
export const usernamePattern: RegExp = /^[A-Za-z0-9][A-Za-z0-9-]{0,52}$/;

/** Usernames that Linux in the container accepts. The daemon does not check. */
export const newUsernamePattern: RegExp = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/**
 * Returns why a username cannot address a container, or `undefined` if it can.
 *
 * `terminal` and `labels…` are caught by the daemon's routing: `GET /v1/containers/terminal` opens
 * a terminal, and any path with `/labels` goes to the label handler.
 */
export function usernameProblem(username: string): string | undefined {
  if (!usernamePattern.test(username)) {
    return `"${username}" is not a username: 1 to 53 letters, digits and dashes, not starting with a dash`;
  }
  if (username === "terminal" || username.startsWith("labels")) {
    return `"${username}" cannot be reached over the daemon's REST API: its routes take ` +
      `/terminal and /labels… for something else. Ask the host's operator to handle it there`;
  }
  return undefined;
}

/** Returns why a container should not be created for a username, or `undefined` if it may. */
export function newUsernameProblem(username: string): string | undefined {
  const problem = usernameProblem(username);
  if (!newUsernamePattern.test(username)) {
    const rule =
      "start with a lower-case letter, then lower-case letters, digits and dashes, not " +
      "ending in a dash, at most 32 characters";
    return problem === undefined
      ? `"${username}" cannot become a Linux user: ${rule}. The daemon would accept it and build ` +
        `a container without its user`
      : `"${username}" is not a username: ${rule}`;
  }
  if (problem !== undefined) return problem;
  if (username.endsWith("-container")) {
    return `"${username}" ends in "-container", which the daemon adds by itself`;
  }
  if (systemAccounts.has(username)) {
    return `"${username}" is a system account of Linux hosts: creating a container for it would ` +
      `rewrite that account on the host, and deleting the container would remove it. Choose ` +
      `another, such as ${username}1`;
  }
  return undefined;
}

/** Accounts that Debian, Ubuntu and Red Hat hosts come with. */
export const systemAccounts: ReadonlySet<string> = new Set(
  ("root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats " +
    "nobody adm admin administrator shutdown halt operator ftp sshd ubuntu debian ec2-user centos rocky " +
    "fedora systemd-network systemd-resolve systemd-timesync messagebus syslog dnsmasq polkitd " +
    "postgres caddy incus lxd containarium sudo wheel").split(" "),
);

/** Returns the name of a user's container: `alice-container`. */
export function containerName(username: string): string {
  return `${username}-container`;
}

/**
 * Returns the path of a container's resource: `containerPath("alice", "labels", key)`.
 *
 * @throws {ContainariumError} `invalid_argument` for an invalid username or segment
 */
export function containerPath(username: string, ...segments: readonly string[]): ApiPath {
  requireUsername(username);
  return new ApiPath("containers", username, ...segments);
}

/**
 * Throws unless the username is valid.
 *
 * @throws {ContainariumError} `invalid_argument`
 */
export function requireUsername(username: string): void {
  const problem = usernameProblem(username);
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
}

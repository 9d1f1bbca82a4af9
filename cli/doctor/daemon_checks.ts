import { type ContainariumClient, ContainariumError, type Container } from "../../client/mod.ts";
import { containerName, isOfPeer } from "../../client/internal.ts";
import { type Check, failed, ok, skipped, warning } from "./check.ts";
import { wordsOf } from "./network_checks.ts";

const TERMINAL_MS = 15_000;
const EVENTS_MS = 5_000;

/** Returns the daemon's version and its storage. */
export async function versionChecks(client: ContainariumClient): Promise<readonly Check[]> {
  try {
    const { host } = await client.system.info();
    const { daemonVersion, storageDriver } = host;
    return [
      daemonVersion === undefined
        ? warning("daemon", "of a version before 0.22, which reports none", "upgrade it")
        : ok("daemon", `version ${daemonVersion}`),
      storageDriver === "zfs" ? ok("ZFS", "snapshots work") : warning(
        "ZFS",
        `storage ${storageDriver ?? "unknown"}: no snapshots, and disk limits may not hold`,
        "only the host's operator can put containers on ZFS",
      ),
    ];
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    return [
      error.code === "permission_denied"
        ? skipped("daemon", "its version and storage are shown only to the admin role")
        : failed("daemon", wordsOf(error), "look into the daemon's log"),
    ];
  }
}

/** Returns whether the daemon hosts apps. */
export async function appsCheck(client: ContainariumClient): Promise<Check> {
  return await featureCheck(
    "app hosting",
    () => client.api.request("GET", ["apps"]),
    "the tools of app hosting fail",
  );
}

/** Returns whether the daemon stores secrets. */
export async function secretsCheck(client: ContainariumClient, username: string): Promise<Check> {
  return await featureCheck(
    "secrets",
    () => client.secrets.list(username),
    "list_secrets and set_secret fail",
  );
}

async function featureCheck(
  name: string,
  read: () => Promise<unknown>,
  consequence: string,
): Promise<Check> {
  try {
    await read();
    return ok(name, "on");
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    switch (error.code) {
      case "permission_denied":
        return skipped(name, "the token may not see it");
      case "not_found":
      case "unsupported":
      case "failed_precondition":
        return warning(
          name,
          `the daemon has none, so ${consequence}`,
          "it needs Postgres and app hosting, which the host's operator turns on",
        );
      default:
        return failed(name, wordsOf(error), "look into the daemon's log");
    }
  }
}

/** Returns whether a terminal opens, by a command that does nothing in a running container. */
export async function terminalCheck(
  client: ContainariumClient,
  containers: readonly Container[] | undefined,
): Promise<Check> {
  const name = "terminal";
  if (containers === undefined) return skipped(name, "the token may not list containers");
  // Terminals of another host's containers are out of reach.
  const running = containers.find((container) =>
    container.state === "running" && container.os !== "windows_2022" && !isOfPeer(container)
  );
  if (running === undefined) return skipped(name, "no container runs in which to open one");
  try {
    await client.terminal(running.username).run("true", { timeoutMs: TERMINAL_MS });
    return ok(name, `opened in ${containerName(running.username)}`);
  } catch (error) {
    if (!(error instanceof ContainariumError)) throw error;
    return error.code === "permission_denied"
      ? skipped(name, "the token may not open one")
      : failed(name, wordsOf(error), howToOpen(error));
  }
}

function howToOpen({ reason, details: { origin } }: ContainariumError): string {
  switch (reason) {
    case "origin_refused":
      return "set CONTAINARIUM_TERMINAL_ORIGIN to an origin in the daemon's " +
        `CONTAINARIUM_ALLOWED_ORIGINS, or add ${origin ?? "this one"} there`;
    case "websocket_refused":
      return "have the proxy in front of the daemon forward WebSockets";
    case "proxy_failed":
      return "have the proxy allow CONNECT to the daemon's host and port, or name the host in NO_PROXY";
    case "other_host":
      return "terminals work on the daemon's own host: ask the other host's daemon";
    default:
      return "see whether the container works, and what the daemon's log says";
  }
}

/** Returns whether the stream of events opens, without which changes are seen later. */
export async function eventsCheck(client: ContainariumClient): Promise<Check> {
  const opened = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => opened.resolve(false), EVENTS_MS);
  using _watching = client.events.watch({
    onOpen: () => opened.resolve(true),
    onEvent: () => {},
  });
  const isOpen = await opened.promise;
  clearTimeout(timer);
  return isOpen ? ok("events", "the stream opens") : warning(
    "events",
    `the stream did not open within ${EVENTS_MS / 1_000} s`,
    "subscribed resources are looked at every 30 s instead; a proxy may hold the stream back",
  );
}

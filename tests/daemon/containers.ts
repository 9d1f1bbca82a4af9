/** Reading, deleting and debugging containers. @module */

import { AuditLog } from "./audit_log.ts";
import { requireScope, requireTenant } from "./auth.ts";
import { type Container, writeContainer, writeCreation, writePeerContainer } from "./container.ts";
import { RouteTable } from "./route_table.ts";
import { findOnPeers, hereOrOnPeer, passOn, peerRows } from "./peers.ts";
import { queryChoice, queryFlag, queryMap } from "./parameters.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { isSince, type World } from "./world.ts";

/** Reading, deleting and debugging containers. */
export const containerRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/containers", handle: listContainers },
  { method: "GET", pattern: "/v1/containers/{username}", handle: getContainer },
  { method: "DELETE", pattern: "/v1/containers/{username}", handle: deleteContainer },
  {
    method: "GET",
    pattern: "/v1/containers/{username}/debug",
    since: "0.67.0",
    handle: debugContainer,
  },
];

/** The states, by number. */
export const containerStates = [
  "CONTAINER_STATE_UNSPECIFIED",
  "CONTAINER_STATE_RUNNING",
  "CONTAINER_STATE_STOPPED",
  "CONTAINER_STATE_FROZEN",
  "CONTAINER_STATE_CREATING",
  "CONTAINER_STATE_ERROR",
  "CONTAINER_STATE_PROVISIONING",
];

async function listContainers(call: Call): Promise<unknown> {
  const { world, caller, query } = call;
  const wantedState = queryChoice(query, "state", containerStates);
  const labels = queryMap(query, "labelFilter", "ListContainersRequest");
  requireScope(caller, "containers:read");
  const askedFor = query.get("username") ?? "";
  if (!caller.admin && askedFor !== "") requireTenant(caller, askedFor);
  const username = caller.admin ? askedFor : caller.username;
  // 0.3.0 had no filters; labels could be asked for from 0.5.
  const filtered = isSince(world, "0.6.0");
  const containers = world.store.all()
    .filter((container) => !filtered || username === "" || container.username === username)
    .filter((container) => !filtered || hasLabels(container, labels))
    .map((container) => ({ container, state: listedState(container, world) }))
    .filter(({ state }) =>
      !filtered || wantedState === "" || wantedState === "CONTAINER_STATE_UNSPECIFIED" ||
      state === wantedState
    )
    .map(({ container, state }) => writeContainer(container, "list", world, state));
  // Whatever was asked for.
  const others = (await peerRows(call)).map(({ row, peer }) =>
    writePeerContainer(row, peer, world)
  );
  return {
    containers: [...containers, ...others],
    totalCount: containers.length + others.length,
  };
}

/** An empty value asks for containers without the label: an absent one reads as empty. */
function hasLabels(container: Container, wanted: ReadonlyMap<string, string>): boolean {
  return [...wanted].every(([key, value]) => (container.labels.get(key) ?? "") === value);
}

/** LIST shows a creation that runs, but never one that failed; old daemons show neither. */
function listedState(container: Container, world: World) {
  const creation = world.store.creation(container.username)?.state;
  return creation === undefined || creation === "CONTAINER_STATE_ERROR" ||
      !isSince(world, "0.67.0")
    ? container.state
    : creation;
}

async function getContainer(call: Call): Promise<unknown> {
  const { world, caller, param } = call;
  requireScope(caller, "containers:read");
  const username = requiredUsername(param("username"));
  requireTenant(caller, username);
  const creation = world.store.creation(username);
  if (creation === undefined && world.store.find(username) === undefined) {
    const found = await findOnPeers(call, username);
    if (found !== undefined) {
      return { container: writePeerContainer(found.row, found.peer, world), metrics: null };
    }
  }
  const container = creation === undefined
    ? writeContainer(
      world.store.demand(username, "failed to get container: failed to get container"),
      "get",
      world,
    )
    : writeCreation(username, creation.state, world);
  return { container, metrics: null };
}

function deleteContainer(call: Call): Promise<unknown> {
  const { caller, param, query } = call;
  const force = queryFlag(query, "force");
  requireScope(caller, "containers:write");
  const username = requiredUsername(param("username"));
  requireTenant(caller, username);
  return hereOrOnPeer(call, username, () => deleteHere(call.world, username), async (peer) => {
    const path = `/v1/containers/${username}${force ? "?force=true" : ""}`;
    await passOn(call, peer, "DELETE", path, "delete");
    return {
      message: `Container for user ${username} deleted on backend ${peer.id}`,
      containerName: `${username}-container`,
    };
  });
}

async function deleteHere(world: World, username: string): Promise<unknown> {
  const { store, pace, delays } = world;
  const container = store.demand(
    username,
    "failed to delete container: container not found: failed to get container",
  );
  const refused = (reason: string) =>
    goError(
      `failed to delete container: failed to delete container: failed to delete container (operation failed): Failed to create instance delete operation: ${reason}`,
    );
  if (container.busy === "delete") {
    await pace.orClosed(store.whenRemoved(container));
    throw refused("A matching non-reusable operation has now succeeded");
  }
  if (container.busy !== undefined) {
    throw refused(`Instance is busy running a "${container.busy}" operation`);
  }
  const creation = store.creation(username);
  if (creation !== undefined && creation.state !== "CONTAINER_STATE_ERROR") store.end(creation);
  container.busy = "delete";
  if (container.state !== "CONTAINER_STATE_STOPPED") {
    container.ipAddressFromMs = undefined;
    await pace.through("stopping", username, 0);
    store.setStopped(container);
    await store.emptied();
  }
  await pace.through("deleting", username, delays.deleteMs);
  store.remove(container);
  forget(container, world);
  return {
    message: `Container for user ${username} deleted successfully`,
    containerName: `${username}-container`,
  };
}

/** What goes with a container, whoever deletes it: its host account, and its routes. */
export function forget(container: Container, world: World): void {
  const { username } = container;
  world.hostAccounts.delete(username);
  world.area(AuditLog).addContainer("DELETED", container);
  world.area(RouteTable).forget(`${username}-container`);
}

function debugContainer({ world, caller, param }: Call): unknown {
  const username = requiredUsername(param("username"));
  requireTenant(caller, username);
  const container = world.store.find(username);
  const account = world.hostAccounts.get(username);
  const shell = account?.shell ?? "";
  // The proxy's shell is not installed on this host, as it was not on the recorded one.
  const hostUserShellExists = account !== undefined && !shell.endsWith("containarium-shell");
  return {
    containerState: container === undefined
      ? "missing"
      : container.state.replace("CONTAINER_STATE_", "").toLowerCase(),
    hostUserExists: account !== undefined,
    hostUserShell: shell,
    hostUserShellExists,
    recentSshdRejections: [],
    ...debugAdvice(username, container, shell, hostUserShellExists),
    sourceRepo: "https://github.com/FootprintAI/Containarium",
    daemonVersion: world.version,
    sshIngressHost: world.sshHost,
  };
}

function debugAdvice(
  username: string,
  container: Container | undefined,
  shell: string,
  shellExists: boolean,
): { readonly likelyCause: string; readonly nextActions: readonly string[] } {
  if (container === undefined) {
    return {
      likelyCause: "container does not exist on this backend",
      nextActions: [
        `create the container: containarium create ${username} --ssh-key <path-to-pubkey>`,
        "check that you're connecting to the right backend (the daemon may be on a different host)",
      ],
    };
  }
  if (shell !== "" && !shellExists) {
    return {
      likelyCause:
        `host user's shell "${shell}" does not exist on this backend — sshd will reject every login`,
      nextActions: [
        "install the containarium-shell wrapper on the backend (see scripts/setup-ssh-container-proxy.sh)",
        "this is a deploy-time gap, not a per-container issue — fix the backend image/startup",
      ],
    };
  }
  return {
    likelyCause:
      "no obvious host-side problem, and this backend advertises no external SSH entrypoint (ssh_ingress_host is empty: direct/in-network mode) — there is no sentinel to check",
    nextActions: [
      "connect directly to the container's IP (see ip_address in its container record); no sentinel/sshpiper fronts this backend",
      "if this backend is deployed to via an in-network CI/CD pipeline, route through that pipeline — external SSH isn't the path here",
      "if you expected an external SSH host, the daemon's --ssh-host is unset; set it so ssh_ingress_host is advertised",
    ],
  };
}

/** A username out of the path; `/v1/containers/` has an empty one. */
export function requiredUsername(username: string): string {
  if (username === "") throw goError("username is required");
  return username;
}

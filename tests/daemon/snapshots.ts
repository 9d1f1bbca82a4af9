/** Snapshots of containers' disks. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { requiredUsername } from "./containers.ts";
import { flag, text } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import type { World } from "./world.ts";
import { datasetOf, isOwn, NewerSnapshots, referencedBytes, ZfsFailure } from "./zfs.ts";

/** Listing, taking, destroying and rolling back. */
export const snapshotRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/v1/containers/{username}/snapshots",
    since: "0.67.0",
    handle: listSnapshots,
  },
  {
    method: "POST",
    pattern: "/v1/containers/{username}/snapshots",
    since: "0.67.0",
    handle: createSnapshot,
  },
  {
    method: "DELETE",
    pattern: "/v1/containers/{username}/snapshots/{name}",
    since: "0.67.0",
    handle: deleteSnapshot,
  },
  {
    method: "POST",
    pattern: "/v1/containers/{username}/snapshots/{name}/rollback",
    since: "0.67.0",
    handle: rollBack,
  },
];

const createFields = { username: text, name: text };
const rollbackFields = { username: text, name: text, force: flag, destroyNewer: flag };

async function listSnapshots(call: Call): Promise<unknown> {
  const { world, username } = allowed(call, "containers:read");
  const found = await doing(
    `list snapshots of ${datasetOf(username)}`,
    () => world.zfs.list(username),
  );
  return {
    snapshots: found.filter(isOwn)
      .map(({ name, usedBytes }) => written(name, usedBytes)),
  };
}

async function createSnapshot(call: Call): Promise<unknown> {
  const { name } = call.body(createFields);
  const { world, username } = allowed(call, "containers:write");
  if (name === "") throw refused("snapshot name is required");
  if (/[ \t\n\v\f\r@/]/.test(name)) {
    throw refused(
      `invalid snapshot name ${JSON.stringify(name)}: must not contain whitespace, '@' or '/'`,
    );
  }
  if (name.startsWith("-")) {
    throw refused(
      `invalid snapshot name ${JSON.stringify(name)}: leading dash would be read as a flag`,
    );
  }
  if (name.startsWith("snapshot-")) {
    throw new GrpcError(
      "InvalidArgument",
      'snapshot names beginning with "snapshot-" are reserved for Incus\'s own snapshots (#1390); choose another name',
    );
  }
  const path = `${datasetOf(username)}@${name}`;
  await doing(`create snapshot ${path}`, () => world.zfs.snapshot(username, name));
  return {
    snapshot: written(name, 0),
    message:
      `created snapshot ${path}. It is not a backup until it is copied off this host — it shares blocks with the live dataset and dies with the pool`,
  };
}

/** The name reaches `zfs destroy` as it is: `%` and `,` mean more than one there. */
async function deleteSnapshot(call: Call): Promise<unknown> {
  const { world, username } = allowed(call, "containers:write");
  const name = requiredName(call, "delete it");
  const path = `${datasetOf(username)}@${name}`;
  const freed = await doing(`destroy snapshot ${path}`, async () => {
    const snapshot = world.zfs.list(username).find((one) => one.name === name);
    await world.zfs.destroy(username, name);
    return snapshot?.usedBytes;
  });
  const told = freed === undefined
    ? "; how much it freed could not be read beforehand"
    : `, freeing ${freed} bytes`;
  return { message: `destroyed snapshot ${path}${told}`, freedBytes: String(freed ?? 0) };
}

async function rollBack(call: Call): Promise<unknown> {
  const { force, destroyNewer } = call.body(rollbackFields);
  const { world, username } = allowed(call, "containers:write");
  const name = requiredName(call, "roll back to it");
  await requireReadable(world, username, name);
  const stopped = await killed(world, username, force);
  const destroyed = await destroyedBy(world, username, name, destroyNewer);
  return {
    message: [
      `rolled ${username} back to snapshot ${name}; everything written since is gone`,
      ...(stopped ? ["The container was stopped to do this and has been left stopped"] : []),
      ...(destroyed.length > 0
        ? [`Destroyed ${destroyed.length} newer snapshot(s): ${destroyed.join(", ")}`]
        : []),
    ].join(". "),
    containerStopped: stopped,
    destroyedSnapshots: destroyed,
  };
}

async function requireReadable(world: World, username: string, name: string): Promise<void> {
  const dataset = datasetOf(username);
  const isReadable = await doing(
    `cannot determine whether ${dataset}@${name} can be read back, so refusing to roll it back: ` +
      `read keystatus for ${dataset}`,
    () => world.zfs.isReadable(username),
  );
  if (isReadable) return;
  throw refused(
    `refusing to roll ${username} back to ${name}: ${dataset}@${name}: snapshot contents cannot be read: the dataset's encryption key is not loaded (dataset ${dataset}, keystatus "unavailable"). The rollback itself would succeed, but the result would be ciphertext this daemon cannot open — restore key custody and retry, and the snapshot is unharmed in the meantime`,
  );
}

/** Kills it if it runs, before anything tells whether there will be a rollback. A frozen one goes unnoticed. */
async function killed(world: World, username: string, force: boolean): Promise<boolean> {
  const { store, pace, delays } = world;
  const container = store.find(username);
  if (container?.state !== "CONTAINER_STATE_RUNNING") return false;
  if (!force) {
    throw refused(
      `container ${username} is running; roll back a stopped container, or pass --force to have the daemon stop it first. A rollback discards everything written since the snapshot, including whatever the running container has in flight`,
    );
  }
  await pace.through("stopping", username, delays.stopMs);
  store.setStopped(container);
  await store.emptied();
  return true;
}

/** Rolls back, and gives the names of the snapshots that went. */
async function destroyedBy(
  world: World,
  username: string,
  name: string,
  destroyNewer: boolean,
): Promise<readonly string[]> {
  const path = `${datasetOf(username)}@${name}`;
  try {
    return await world.zfs.rollback(username, name, destroyNewer);
  } catch (error) {
    if (error instanceof NewerSnapshots) {
      throw refused(
        `refusing to roll ${username} back to ${name}: snapshots taken after it would have to be destroyed. Re-run with --destroy-newer to accept losing them. ${path}: rollback would destroy snapshots taken after the target: ${error.message}`,
      );
    }
    throw error instanceof ZfsFailure ? refused(`rollback ${path}: ${error.message}`) : error;
  }
}

/** Does what the words say, which any failure of `zfs` begins with. */
async function doing<T>(words: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ZfsFailure ? refused(`${words}: ${error.message}`) : error;
  }
}

/** The world, and whose container it is, if the caller may. */
function allowed(
  { world, caller, param }: Call,
  scope: string,
): { readonly world: World; readonly username: string } {
  requireScope(caller, scope);
  const username = requiredUsername(param("username"));
  requireTenant(caller, username);
  if (/\s/.test(username)) {
    throw refused(`invalid dataset name "${datasetOf(username)}": contains whitespace`);
  }
  return { world, username };
}

/** The name in the path; Incus's own are kept from harm, as long as they are named one at a time. */
function requiredName({ param }: Call, verb: string): string {
  const name = param("name");
  if (name === "") throw new GrpcError("InvalidArgument", "snapshot name is required");
  if (!name.startsWith("snapshot-")) return name;
  throw new GrpcError(
    "InvalidArgument",
    `"${name}" is an Incus-managed snapshot, not one of yours — refusing to ${verb}. Incus records these in its own database (migrations use them as sync points), so removing one through the storage layer leaves Incus referencing a snapshot that no longer exists. Snapshots you created do not carry the "snapshot-" prefix`,
  );
}

function written(name: string, usedBytes: number): Record<string, unknown> {
  return { name, usedBytes: String(usedBytes), referencedBytes: String(referencedBytes) };
}

function refused(text: string): GrpcError {
  return new GrpcError("FailedPrecondition", text);
}

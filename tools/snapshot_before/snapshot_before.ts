/**
 * Takes a snapshot before a call that the policy calls risky, so that it can be undone.
 *
 * @module
 */
import { z } from "zod";
import { ContainariumError, type Snapshot } from "../../client/mod.ts";
import { formatTime, restate } from "../../client/internal.ts";
import { snapshotWithin } from "../admission/snapshot_quota.ts";
import type { RiskyCall } from "../policy/mod.ts";
import type { Conversation, ToolContext } from "../tool.ts";

/** How many of them are kept for a container. */
const MAX_KEPT = 3;

/** Names that begin so are those of this server, which removes old ones. */
export const ownPrefix = "mcp-before-";

const ownName = /^mcp-before-[a-z-]{1,20}-\d{8}T\d{6}Z-[0-9a-f]{4}$/;

/** What became of the snapshot before a call, in its result. */
export const snapshotFields = {
  "snapshot_before": z.strictObject({
    name: z.string().describe("Its name"),
    undo: z.string().describe("Call that undoes this one, and everything since"),
  }).optional().describe("Snapshot that was taken before; absent: none"),
  "no_snapshot": z.string().optional().describe("Why none was taken, though the policy wants one"),
};

/** What became of the snapshot before a call. */
export type SnapshotBefore = z.infer<z.ZodObject<typeof snapshotFields>>;

/** Conversations in which an answer said that the host has no snapshots. */
const reportedTo = new WeakSet<Conversation>();

/**
 * Takes a snapshot if the policy wants one before this call. Where the backend has none, the call goes on,
 * and says so once.
 *
 * @param check Throws if the call would be refused anyway: the new snapshot may cost the oldest one
 * @throws {ContainariumError} If it could not be taken; the call is then not made
 */
export async function snapshotBefore(
  call: RiskyCall,
  username: string,
  context: ToolContext,
  check?: () => Promise<void>,
): Promise<SnapshotBefore> {
  const { snapshotBefore: risky = [] } = await context.policy();
  if (!risky.includes(call)) return {};
  await check?.();
  try {
    const name = await take(call, username, context);
    const undo = `restore_snapshot(username="${username}", name="${name}")`;
    return { "snapshot_before": { name, undo } };
  } catch (error) {
    if (!(error instanceof ContainariumError) || error.code === "not_found") throw error;
    if (error.code !== "unsupported") {
      throw restate(
        error,
        `${error.message}. No snapshot was taken, which the policy wants first, so nothing was done`,
      );
    }
    if (reportedTo.has(context.conversation)) return {};
    reportedTo.add(context.conversation);
    return { "no_snapshot": error.message };
  }
}

/**
 * Returns the error of the call that the snapshot was taken before, with what became of the snapshot: the call may
 * have changed something before it failed.
 */
export function withSnapshot(error: unknown, snapshot: SnapshotBefore): unknown {
  const lines = renderSnapshot(snapshot);
  if (!(error instanceof ContainariumError) || lines.length === 0) return error;
  return restate(error, [error.message, ...lines].join(". "));
}

async function take(call: RiskyCall, username: string, context: ToolContext): Promise<string> {
  const { client: { snapshots }, signal, log } = context;
  const own = (await snapshots.list(username, { signal })).filter(isOwn);
  // The daemon lists the oldest first. Before the new one: a quota may have no room for one more.
  for (const { name } of own.slice(0, Math.max(0, own.length - MAX_KEPT + 1))) {
    await snapshots.delete(username, name, { signal });
    log("info", `removed the snapshot ${name} of ${username}: ${MAX_KEPT} are kept`);
  }
  const name = newName(call);
  await snapshotWithin(username, context, () => snapshots.create(username, { name, signal }));
  return name;
}

function isOwn({ name, takenAt }: Snapshot): boolean {
  return ownName.test(name) && takenAt !== undefined;
}

/** `mcp-before-run-command-20261126T104500Z-1f3a`: two calls may be made in one second. */
function newName(call: RiskyCall): string {
  const [word = call] = call.split(" ");
  const time = formatTime(new Date()).replaceAll(/[:-]/g, "");
  const random = crypto.randomUUID().slice(0, 4);
  return `${ownPrefix}${word.replaceAll("_", "-")}-${time}-${random}`;
}

/** Returns what became of the snapshot as lines of text. */
export function renderSnapshot(
  { snapshot_before: snapshot, no_snapshot: why }: SnapshotBefore,
): readonly string[] {
  return [
    ...(snapshot === undefined ? [] : [`Undo: ${snapshot.undo}`]),
    ...(why === undefined ? [] : [`No snapshot was taken before: ${why}.`]),
  ];
}

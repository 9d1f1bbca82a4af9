import { z } from "zod";
import type { AgreedContainer, Container, Limits } from "../../client/mod.ts";
import { containerName, isShrink, visible } from "../../client/internal.ts";
import { type Change, changeFields, changesField, renderChanges } from "../change.ts";
import { distinctWarnings, limitWarnings } from "../host/limits.ts";
import { resizeWithin } from "../admission/changes.ts";
import { containerAnswer, username } from "../schemas.ts";
import {
  renderSnapshot,
  type SnapshotBefore,
  snapshotBefore,
  snapshotFields,
  withSnapshot,
} from "../snapshot_before/snapshot_before.ts";
import { sizeOf } from "../text/quoted.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";
import { cpu, disk, memory } from "../fields.ts";

/** Sets new limits; `PUT /v1/containers/{username}/resize`. */
export const resizeContainer = defineTool({
  name: "resize_container",
  title: "Resize container",
  description: "Change a container's CPU, memory (RAM) or disk limit, live: make it bigger or " +
    "smaller. Omitted limits stay.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    cpu: cpu.optional(),
    memory: memory.optional(),
    disk: disk.optional(),
    allow_shrink: z.boolean().default(false)
      .describe("Allow the disk to shrink, which can lose data"),
  }),
  output: z.strictObject({ ...changeFields, ...snapshotFields }),

  consent: async (
    { username, disk, allow_shrink: allowShrink },
    { client, signal },
  ): Promise<ConsentRequest<AgreedContainer> | undefined> => {
    if (disk === undefined || !allowShrink) return undefined;
    const now = await client.containers.find(username, { signal });
    if (now === undefined) return { agreed: {} };
    const agreed = { container: now };
    return isShrink(now, disk) === false
      ? { agreed }
      : { question: shrinkQuestion(username, now, disk), agreed };
  },

  run: async ({ username, allow_shrink: allowShrink, ...limits }, context, agreed) => {
    const { client, signal } = context;
    let snapshot: SnapshotBefore = {};
    const { before, after, container } = await resizeWithin(
      username,
      limits,
      context,
      async () => {
        const options = { ...limits, allowShrink, signal, agreed };
        const check = () => client.containers.checkResize(username, options);
        snapshot = await snapshotBefore("resize", username, context, check);
        return await client.containers.resize(username, options);
      },
    ).catch((error: unknown) => {
      throw withSnapshot(error, snapshot);
    });
    const host = await client.backends.hostOf(container.backendId, { signal });
    return {
      ...snapshot,
      ...changesField(changesOf(before, after)),
      container: containerAnswer(container),
      warnings: distinctWarnings(limitWarnings(limits, host)),
    };
  },

  render: ({ changes, warnings = [], ...answer }) =>
    [...renderChanges(changes), ...renderSnapshot(answer), ...warnings].join("\n"),
});

function shrinkQuestion(
  username: string,
  { disk: now }: Container,
  disk: string,
): ConsentQuestion {
  const from = now === undefined ? "an unknown size" : sizeOf(now);
  return {
    message: `Shrink the disk of ${containerName(username)} from ${from} to ${disk}? ` +
      "Data beyond that is lost.",
    confirm: `Shrink the disk to ${disk}`,
  };
}

function changesOf(before: Limits, after: Limits): readonly Change[] {
  return (["cpu", "memory", "disk"] as const)
    .filter((kind) => after[kind] !== undefined)
    .map((kind) => ({
      setting: kind,
      before: visible(before[kind] ?? "unknown"),
      after: visible(after[kind] ?? "unknown"),
    }));
}

import { z } from "zod";
import {
  type AgreedContainer,
  type CallOptions,
  type ContainariumClient,
  ContainariumError,
  type Container,
  isShrink,
  type Limits,
  parseCpu,
  present,
} from "../../client/mod.ts";
import { resizeWithin } from "../quotas/within.ts";
import { container, containerAnswer, username } from "../schemas.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";
import { visible } from "../visible.ts";
import { cpu, disk, memory } from "./limits.ts";

const limits = z.strictObject({
  cpu: z.string().optional().describe("CPU limit"),
  memory: z.string().optional().describe("Memory limit"),
  disk: z.string().optional().describe("Disk limit"),
});

/** Sets new limits; `PUT /v1/containers/{username}/resize`. */
export const resizeContainer = defineTool({
  name: "resize_container",
  title: "Resize container",
  description: "Set a container's CPU, memory or disk limit, live. What is left out stays.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    cpu: cpu.optional(),
    memory: memory.optional(),
    disk: disk.optional(),
    allow_shrink: z.boolean().default(false)
      .describe("Let the disk become smaller, which can lose data"),
  }),
  output: z.strictObject({
    before: limits.describe("The limits that were asked for, as they were"),
    after: limits.describe("The same as they are now, read back"),
    warnings: z.array(z.string()).describe("What was done but may not be meant"),
    container,
  }),

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
      : { question: shrinkQuestion(now, disk), agreed };
  },

  run: async ({ username, allow_shrink: allowShrink, ...wanted }, context, agreed) => {
    const { client, signal } = context;
    const limits: Limits = present(wanted);
    const warnings = await tooManyCpus(client, limits.cpu, { signal });
    const { before, after, container } = await resizeWithin(
      username,
      limits,
      context,
      () =>
        client.containers.resize(username, {
          ...limits,
          allowShrink,
          signal,
          ...present({ agreed }),
        }),
    );
    return { before, after, warnings, container: containerAnswer(container) };
  },

  render: ({ before, after, warnings }) =>
    [
      ...(["cpu", "memory", "disk"] as const)
        .filter((kind) => after[kind] !== undefined)
        .map((kind) => `${kind}: ${before[kind] ?? "unknown"} → ${after[kind]}`),
      ...warnings,
    ].join("\n"),
});

function shrinkQuestion({ username, disk: now }: Container, disk: string): ConsentQuestion {
  const from = now === undefined ? "an unknown size" : visible(now);
  return {
    message: `Shrink the disk of ${username}-container from ${from} to ${disk}? ` +
      "What lies beyond is lost.",
    confirm: `Shrink the disk to ${disk}`,
  };
}

/** The daemon takes more CPUs than there are without a word; only an admin can see how many. */
async function tooManyCpus(
  client: ContainariumClient,
  cpu: string | undefined,
  options: CallOptions,
): Promise<string[]> {
  const wanted = parseCpu(cpu ?? "");
  if (wanted === undefined) return [];
  try {
    const { host } = await client.system.info(options);
    const needed = wanted.kind === "set" ? wanted.highest + 1 : wanted.cpus;
    return needed > host.cpus
      ? [`The host has ${host.cpus} CPUs, so ${cpu} gives no more than these.`]
      : [];
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "permission_denied") return [];
    throw error;
  }
}

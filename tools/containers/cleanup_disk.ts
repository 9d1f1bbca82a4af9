import { z } from "zod";
import type { AgreedContainer } from "../../client/mod.ts";
import { containerName } from "../../client/internal.ts";
import { username } from "../schemas.ts";
import { formatBytes } from "../text/format.ts";
import { type ConsentRequest, defineTool } from "../tool.ts";

/** What the daemon's commands delete, in words. */
const wiped =
  "everything in /tmp (hidden files and sockets of running programs too), the package " +
  "caches of apt and dnf, and all but the newest 50 MB of the journal";

/** Frees disk space inside a container; `POST /v1/containers/{username}/cleanup-disk`. */
export const cleanupDisk = defineTool({
  name: "cleanup_disk",
  title: "Clean up disk",
  description: "Clean up (free) some disk space inside a running container: wipes /tmp, package " +
    "caches and most of the journal.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ username }),
  output: z.strictObject({
    username: z.string().describe("Owner of the container"),
    freed_bytes: z.number().optional()
      .describe("Disk space freed; absent: unknown, as the container is on another host"),
    deleted: z.string().describe("What was deleted"),
  }),

  consent: async ({ username }, { client, signal }): Promise<ConsentRequest<AgreedContainer>> => {
    const container = await client.containers.find(username, { signal });
    // The cleaning will be refused, also if it was started meanwhile: nobody was asked.
    if (container?.state !== "running") return { agreed: {} };
    const name = containerName(username);
    return {
      question: {
        message: `Clean up the disk of ${name}? This deletes ${wiped}.`,
        confirm: `Clean up the disk of ${name}`,
      },
      agreed: { container },
    };
  },

  run: async ({ username }, { client, signal }, agreed) => {
    const { freedBytes } = await client.containers.cleanUpDisk(username, { signal, agreed });
    return { username, freed_bytes: freedBytes, deleted: wiped };
  },

  render: ({ username, freed_bytes: bytes, deleted }) => {
    const name = containerName(username);
    const freed = bytes === undefined
      ? `Cleaned up ${name}; how much was freed is unknown, as it is on another host.`
      : `Freed ${formatBytes(bytes)} in ${name}.`;
    return `${freed} Deleted: ${deleted}.`;
  },
});

import { z } from "zod";
import { formatTable } from "../text/format.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { backup, backupAnswer, backupColumns, backupRow } from "./backup_answer.ts";

/** Lists backups; `GET /v1/backups`. */
export const listBackups = defineTool({
  name: "list_backups",
  title: "List backups",
  description: "List which backups of databases exist, tested or not.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read", "backups:read"],
  input: z.strictObject({
    username: username.optional().describe("Only this owner's"),
  }),
  output: z.strictObject({ backups: z.array(backup).describe("Newest first") }),

  run: async ({ username }, { client, signal }) => {
    const backups = await client.backups.list({ username, signal });
    // The daemon lists those of a misspelled name, too: none. Backups outlive their container.
    if (username !== undefined && backups.length === 0) {
      await client.containers.get(username, { signal });
    }
    return { backups: backups.map(backupAnswer) };
  },

  render: ({ backups }) =>
    backups.length === 0 ? "No backups." : formatTable(backupColumns, backups.map(backupRow)),
});

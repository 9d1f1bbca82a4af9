import { z } from "zod";
import { containerName } from "../../client/internal.ts";
import { shown } from "../schemas.ts";
import { quoted } from "../text/quoted.ts";
import { defineTool } from "../tool.ts";
import { backupId, backupInQuestion } from "./backup_answer.ts";

/** Deletes a backup; `DELETE /v1/backups/{id}`. */
export const deleteBackup = defineTool({
  name: "delete_backup",
  title: "Delete backup",
  description: "Delete a backup permanently.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:read", "backups:read", "backups:write"],
  input: z.strictObject({ id: backupId }),
  output: z.strictObject({
    deleted: z.boolean().describe("False if there was no such backup"),
    id: z.string().describe("Its id"),
    database: z.string().optional().describe("Its database; absent: there was no such backup"),
    username: z.string().optional().describe("Owner of the container that it was of"),
  }),

  consent: async ({ id }, { client, signal }) => {
    const agreed = await client.backups.look(id, { signal });
    const { backup } = agreed;
    if (backup === undefined) return { agreed };
    return {
      question: {
        message: `Delete the backup ${quoted(id)} of the database ${quoted(backup.database)} ` +
          `${backupInQuestion(backup)}, permanently?`,
        confirm: "Delete the backup",
      },
      agreed,
    };
  },

  run: async ({ id }, { client, signal }, agreed) => {
    const { deleted } = await client.backups.delete(id, { signal, agreed });
    return {
      deleted: deleted !== undefined,
      id,
      database: shown(deleted?.database),
      username: shown(deleted?.username),
    };
  },

  render: ({ deleted, id, database, username = "" }) =>
    deleted
      ? `Deleted the backup ${id} of the database ${database} of ${containerName(username)}.`
      : `There is no backup ${id}; nothing was deleted.`,
});

import { z } from "zod";
import { unlessEmpty } from "../lean.ts";
import { formatTable } from "../text/format.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { backup, backupAnswer, backupColumns, backupRow } from "./backup_answer.ts";

/** Maximum number of rows in a result. */
const MAX_ROWS = 100;

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
  output: z.strictObject({
    backups: z.array(backup).describe("The newest first"),
    left_out: z.number().optional().describe(
      "Number of older ones that are left out; absent: none",
    ),
  }),

  run: async ({ username }, { client, signal }) => {
    const backups = await client.backups.list({ username, signal });
    // The daemon lists those of a misspelled name, too: none. Backups outlive their container.
    if (username !== undefined && backups.length === 0) {
      await client.containers.get(username, { signal });
    }
    return {
      backups: backups.slice(0, MAX_ROWS).map(backupAnswer),
      left_out: unlessEmpty(Math.max(0, backups.length - MAX_ROWS)),
    };
  },

  render: ({ backups, left_out: leftOut }) => {
    if (backups.length === 0) return "No backups.";
    const table = formatTable(backupColumns, backups.map(backupRow));
    return leftOut === undefined
      ? table
      : `${table}\n${leftOut} older ones are left out: pass username for fewer.`;
  },
});

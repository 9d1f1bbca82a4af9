import { z } from "zod";
import type { AgreedBackup } from "../../client/mod.ts";
import { containerName, visible } from "../../client/internal.ts";
import { waitSeconds } from "../fields.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";
import { quoted } from "../text/quoted.ts";
import { backupId, backupInQuestion, databaseName, login, loginOf } from "./backup_answer.ts";

const input = z.strictObject({
  id: backupId,
  database: databaseName.describe("Default: its own"),
  ...login,
  clean: z.boolean().default(false)
    .describe("Drop its tables first; else fails halfway where they exist"),
  wait_seconds: waitSeconds.describe("It continues after that"),
});

type Input = z.output<typeof input>;

/** Restores a backup; `POST /v1/backups/{id}/restore`. */
export const restoreBackup = defineTool({
  name: "restore_backup",
  title: "Restore backup",
  description: "Restore a database from a backup, into the container that the backup is of.",
  effect: "destroy",
  idempotent: false,
  scopes: ["containers:read", "backups:read", "backups:write"],
  input,
  output: z.strictObject({
    id: z.string().describe("The backup"),
    restored: z.boolean().describe("False: in progress; call again with the same arguments"),
    username: z.string().optional().describe("Owner of the container"),
    database: z.string().optional().describe("Database that it was restored into"),
  }),

  consent: async (args, { client, signal }): Promise<ConsentRequest<AgreedBackup>> => {
    const agreed = await client.backups.look(args.id, { signal });
    // One that is in progress is only waited for.
    if (client.backups.isRestoring(agreed, optionsOf(args))) return { agreed: {} };
    return { question: restoreQuestion(args, agreed), agreed };
  },

  run: async (args, { client, signal, progress }, agreed) => {
    progress(1, 2, `Restoring ${visible(args.id)}`);
    const result = await client.backups.restore(args.id, {
      ...optionsOf(args),
      signal,
      agreed,
      waitMs: args.wait_seconds * 1_000,
    });
    if (result.kind === "pending") return { id: args.id, restored: false };
    const { backup: { username }, database } = result;
    return {
      id: args.id,
      restored: true,
      username: visible(username),
      database: visible(database),
    };
  },

  render: ({ id, restored, username, database }) =>
    restored && username !== undefined
      ? `Restored the backup ${id} into the database ${database} of ${containerName(username)}.`
      : `Still restoring the backup ${id}; this continues while this server runs. ` +
        "Next: repeat this call to keep waiting; it reports a failure, too",
});

function optionsOf(args: Input) {
  return { ...loginOf(args), database: args.database, clean: args.clean };
}

function restoreQuestion(
  { id, database, clean }: Input,
  { backup, container }: AgreedBackup,
): ConsentQuestion | undefined {
  if (backup === undefined || container === undefined) return undefined;
  const into = `the database ${quoted(database ?? backup.database)}`;
  const lost = clean
    ? "Everything that is in both is dropped there first: what was written to it since is lost, " +
      "permanently."
    : "Where tables exist already, it fails halfway and leaves a mixture, which cannot be undone.";
  return {
    message: `Restore the backup ${quoted(id)} ${backupInQuestion(backup)} into ${into} of that ` +
      `container? ${lost}`,
    confirm: `Restore into ${visible(database ?? backup.database).slice(0, 64)}`,
  };
}

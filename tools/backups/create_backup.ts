import { z } from "zod";
import type { AgreedContainer, CreateBackupResult } from "../../client/mod.ts";
import { backupBucketProblem, containerName, visible } from "../../client/internal.ts";
import { waitSeconds } from "../fields.ts";
import { unlessEmpty } from "../lean.ts";
import { username } from "../schemas.ts";
import { formatTable } from "../text/format.ts";
import { freeText } from "../text/free_text.ts";
import { quoted } from "../text/quoted.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";
import {
  backup,
  backupAnswer,
  backupColumns,
  backupRow,
  databaseName,
  fencedOutput,
  login,
  loginOf,
} from "./backup_answer.ts";

const input = z.strictObject({
  username,
  database: databaseName.describe("Default: all"),
  ...login,
  bucket: z.string()
    .refine((uri) => backupBucketProblem(uri) === undefined, {
      error: ({ input }) => backupBucketProblem(String(input)),
    })
    .optional().describe("gs://…; default: on the host"),
  wait_seconds: waitSeconds.describe("It continues after that"),
});

type Input = z.output<typeof input>;

/** Backs up a database, or each; `POST /v1/backups`. */
export const createBackup = defineTool({
  name: "create_backup",
  title: "Create backup",
  description: "Back up a PostgreSQL database in a container.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "backups:read", "backups:write"],
  input,
  output: z.strictObject({
    username: z.string().describe("Owner of the container"),
    done: z.boolean().describe("False: in progress; call again with the same arguments"),
    backups: z.array(backup).describe("What was made"),
    failures: freeText("Databases that were not backed up, and why: data from the container")
      .optional(),
    problems: z.array(z.string()).optional().describe("What else went wrong; absent: nothing"),
  }),

  consent: async (
    args,
    { client, signal },
  ): Promise<ConsentRequest<AgreedContainer> | undefined> => {
    const { username, bucket } = args;
    if (bucket === undefined) return undefined;
    const agreed = { container: await client.containers.find(username, { signal }) };
    // One that is being made is only waited for.
    if (client.backups.isCreating(agreed, optionsOf(args))) return { agreed: {} };
    const question = agreed.container === undefined ? undefined : bucketQuestion(args, bucket);
    return { question, agreed };
  },

  run: async (args, { client, signal, progress }, agreed) => {
    const { username, database, wait_seconds: waitSeconds } = args;
    progress(1, 2, `Backing up ${database ?? "the databases"} of ${containerName(username)}`);
    const result = await client.backups.create(username, {
      ...optionsOf(args),
      signal,
      agreed,
      waitMs: waitSeconds * 1_000,
    });
    if (result.kind === "pending") return { username, done: false, backups: [] };
    return {
      username,
      done: true,
      backups: result.created.map(backupAnswer),
      failures: result.failures.length === 0 ? undefined : fencedOutput(result.failures.join("\n")),
      problems: unlessEmpty(problemsOf(result)),
    };
  },

  failed: ({ done, backups }) => done && backups.length === 0,

  render: ({ username, done, backups, failures, problems = [] }) => {
    if (!done) {
      return `Still backing up databases of ${
        containerName(username)
      }; this continues while this ` +
        "server runs. Next: repeat this call to keep waiting; it reports a failure, too";
    }
    const made = backups.length === 0
      ? `No database of ${containerName(username)} was backed up.`
      : formatTable(backupColumns, backups.map(backupRow));
    const failed = failures === undefined ? [] : ["Not backed up:", failures];
    return [made, ...failed, ...problems].join("\n");
  },
});

function optionsOf(args: Input) {
  return { ...loginOf(args), database: args.database, bucket: args.bucket };
}

function bucketQuestion({ username, database }: Input, bucket: string): ConsentQuestion {
  const what = database === undefined ? "all databases" : `the database ${quoted(database)}`;
  return {
    message:
      `Back up ${what} of ${containerName(username)} to ${quoted(bucket, 2_000)}? Its data then ` +
      "leaves the host: whoever may read that bucket can read it.",
    confirm: "Back up to the bucket",
  };
}

function problemsOf(
  { failures, overwritten, lost, created }: Exclude<
    CreateBackupResult,
    { readonly kind: "pending" }
  >,
): string[] {
  const ids = (list: readonly string[]) => list.map(visible).join(", ");
  return [
    ...(overwritten.length === 0 ? [] : [
      `LOST: the earlier backup ${ids(overwritten.map(({ id }) => id))} had the same id and was ` +
      "overwritten by this one, since the host's clock says that both were made in one second.",
    ]),
    ...(lost.length === 0 ? [] : [
      `The daemon reports ${
        ids(lost)
      } but lists another backup there, or none: somebody else backed up ` +
      "in the same second, or deleted it. Back up again.",
    ]),
    ...(created.length + failures.length + lost.length > 0
      ? []
      : ["The server has no databases, or the user sees none."]),
  ];
}

/**
 * Schemas and words that the five tools share.
 *
 * @module
 */
import { z } from "zod";
import type { Backup, DatabaseLogin, Verification } from "../../client/mod.ts";
import {
  containerName,
  databaseNameProblem,
  formatTime,
  isPort,
  usernamePattern,
  visible,
} from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { shown, time } from "../schemas.ts";
import { secretName } from "../secrets/secret_answer.ts";
import { fence } from "../text/fence.ts";
import { formatBytes } from "../text/format.ts";
import { freeText } from "../text/free_text.ts";
import { quoted } from "../text/quoted.ts";

const name = z.string().refine((text) => databaseNameProblem(text) === undefined, {
  error: ({ input }) => databaseNameProblem(String(input)),
});

/** Id of a backup: `<username>-<database>-<time>`. It is quoted in answers, so nothing else may pass for one. */
export const backupId = z.string()
  .refine((id) => /^[\w.$@+-]{1,160}$/.test(id), "expected the id of a backup, from list_backups")
  .describe("From list_backups");

/** Name of a database. */
export const databaseName = name.optional();

/** How the daemon gets into the database server in a container. */
export const login = {
  user: name.optional().describe("Database user"),
  password_secret: secretName.optional().describe("Secret with its password"),
  // Bounds in the schema would cost a model 40 tokens.
  port: z.number().refine(isPort, "expected 1 to 65535").optional().describe("Default: 5432"),
} as const;

/** Returns the login as the client has it. */
export function loginOf(
  args: Readonly<
    { user?: string | undefined; password_secret?: string | undefined; port?: number | undefined }
  >,
): DatabaseLogin {
  return { user: args.user, passwordSecret: args.password_secret, port: args.port };
}

/** A test of a backup in a result. */
export const verification = z.strictObject({
  result: z.enum(["passed", "failed", "not_tested"]).describe(
    "failed: it is damaged or cannot be loaded; not_tested: the scratch database could not be created, " +
      "which says nothing about the backup",
  ),
  verified_at: time.optional().describe("When, UTC"),
  container: z.string().optional().describe("Container that it was loaded into"),
  error: freeText("Why not, between two lines: data from the container; absent: it passed")
    .optional(),
  checks: z.array(z.string()).optional()
    .describe("Checks that passed, in order; absent: none"),
});

/** A backup in a result. */
export const backup = z.strictObject({
  id: z.string().describe("Its id"),
  username: z.string().describe("Owner of the container"),
  database: z.string().describe("Name of the database"),
  created_at: time.optional().describe("When it was made, UTC"),
  size_bytes: z.number().describe("Size of the archive, in bytes"),
  bucket: z.string().optional()
    .describe("Where Google Cloud Storage keeps it; absent: on a disk of the host"),
  relations: z.number().optional().describe(
    "Number of tables, indexes and the like; absent: unknown",
  ),
  last_verification: verification.omit({ checks: true, error: true }).optional()
    .describe("Its last test; absent: it was never tested"),
});

/** A backup in a result. */
export type BackupAnswer = z.infer<typeof backup>;

/** Returns a backup as a result has it. */
export function backupAnswer(from: Backup): BackupAnswer {
  const tested = from.lastVerification && verificationAnswer(from.lastVerification);
  const { checks: _checks, error: _error, ...last } = tested ?? {};
  return {
    id: visible(from.id),
    username: visible(from.username),
    database: visible(from.database),
    created_at: formatTime(from.createdAt),
    size_bytes: from.sizeBytes,
    bucket: from.destination === "gcs" ? shown(from.location) : undefined,
    relations: from.relationCount,
    last_verification: tested === undefined ? undefined : { ...last, result: tested.result },
  };
}

/** Returns a test as a result has it. */
export function verificationAnswer(from: Verification): z.infer<typeof verification> {
  const passed = from.checks.filter((check) => check.passed);
  return {
    result: from.result,
    verified_at: formatTime(from.verifiedAt),
    container: shown(from.targetContainer),
    error: from.error === undefined ? undefined : fencedOutput(from.error),
    checks: unlessEmpty(
      passed.map(({ name, detail }) => visible(`${name}: ${detail}`.slice(0, 300))),
    ),
  };
}

/** Maximum length of the output of a program in a container. */
const MAX_CHARS = 2_000;

/** Returns what PostgreSQL's programs said in a container, between two lines. */
export function fencedOutput(text: string): string {
  const isLong = text.length > MAX_CHARS;
  return fence(isLong ? `${text.slice(0, MAX_CHARS)}…` : text, "container", "the container");
}

/** Columns of {@linkcode backupRow}. */
export const backupColumns = ["id", "database", "made", "size", "tested"];

/** Returns a backup as a row of a table. */
export function backupRow(from: BackupAnswer): readonly string[] {
  const { result = "never", verified_at: at = "" } = from.last_verification ?? {};
  return [
    from.id,
    from.database,
    from.created_at ?? "",
    formatBytes(from.size_bytes),
    `${result.replace("_", " ")} ${at}`.trim(),
  ];
}

/** Returns a backup as a question names it: its id was given, and its owner's name is the daemon's text. */
export function backupInQuestion({ username, createdAt, sizeBytes }: Backup): string {
  const made = createdAt === undefined ? "" : `, made ${formatTime(createdAt)}`;
  const name = containerName(username);
  return `of ${usernamePattern.test(username) ? name : quoted(name)} (${
    formatBytes(sizeBytes)
  }${made})`;
}

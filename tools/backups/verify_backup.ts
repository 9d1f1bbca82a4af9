import { z } from "zod";
import type { AgreedBackup } from "../../client/mod.ts";
import { containerName, visible } from "../../client/internal.ts";
import { waitSeconds } from "../fields.ts";
import { username } from "../schemas.ts";
import { quoted } from "../text/quoted.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";
import {
  backupId,
  backupInQuestion,
  login,
  loginOf,
  verification,
  verificationAnswer,
} from "./backup_answer.ts";

const input = z.strictObject({
  id: backupId,
  target: username.describe("Its owner; the login is for it"),
  ...login,
  wait_seconds: waitSeconds.describe("It continues after that"),
});

type Input = z.output<typeof input>;

/** Tests a backup; `POST /v1/backups/{id}/verify`. */
export const verifyBackup = defineTool({
  name: "verify_backup",
  title: "Verify backup",
  description:
    "Test whether a backup works: restore it into a scratch database of another container.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "backups:read", "backups:write"],
  input,
  output: z.strictObject({
    id: z.string().describe("The backup"),
    done: z.boolean().describe("False: in progress; call again with the same arguments"),
    verification: verification.optional().describe("What was found; absent: not done yet"),
  }),

  consent: async (args, { client, signal }): Promise<ConsentRequest<AgreedBackup>> => {
    const { id, target } = args;
    const agreed = await client.backups.look(id, { target, signal });
    // One that is in progress is only waited for.
    if (client.backups.isVerifying(agreed, loginOf(args))) return { agreed: {} };
    return { question: loadQuestion(args, agreed), agreed };
  },

  run: async (args, { client, signal, progress }, agreed) => {
    progress(1, 2, `Testing ${visible(args.id)}`);
    const result = await client.backups.verify(args.id, args.target, {
      ...loginOf(args),
      signal,
      agreed,
      waitMs: args.wait_seconds * 1_000,
    });
    if (result.kind === "pending") return { id: args.id, done: false };
    return { id: args.id, done: true, verification: verificationAnswer(result.verification) };
  },

  failed: ({ verification }) => verification !== undefined && verification.result !== "passed",

  render: ({ id, verification }) => {
    if (verification === undefined) {
      return `Still testing the backup ${id}; this continues while this server runs. ` +
        "Next: repeat this call to keep waiting; it reports a failure, too";
    }
    const { result, error, checks = [] } = verification;
    return [`Backup ${id}: ${words[result]}`, ...(error === undefined ? [] : [error]), ...checks]
      .join("\n");
  },
});

/** Another user's database server gets the data. */
function loadQuestion(
  { id, target }: Input,
  { backup, container }: AgreedBackup,
): ConsentQuestion | undefined {
  // The test is refused in the container that the backup is from.
  if (backup === undefined || container === undefined || backup.username === target) {
    return undefined;
  }
  const into = containerName(target);
  return {
    message:
      `Load the backup ${quoted(id)} ${backupInQuestion(backup)} into a scratch database of ` +
      `${into}, to test it? While that lasts, whoever manages the database server there can read the data.`,
    confirm: `Load it into ${into}`,
  };
}

const words = {
  passed: "passed; it can be restored.",
  failed: "FAILED; do not rely on it. Tell the user, and make another.",
  not_tested:
    "not tested; the scratch database could not be created in that container. This says " +
    "nothing about the backup. Check PostgreSQL there, user and password_secret, then call again.",
} as const;

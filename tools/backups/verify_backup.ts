import { z } from "zod";
import { visible } from "../../client/internal.ts";
import { waitSeconds } from "../fields.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { backupId, login, loginOf, verification, verificationAnswer } from "./backup_answer.ts";

/** Tests a backup; `POST /v1/backups/{id}/verify`. */
export const verifyBackup = defineTool({
  name: "verify_backup",
  title: "Verify backup",
  description:
    "Test whether a backup works: restore it into a scratch database of another container.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "backups:read", "backups:write"],
  input: z.strictObject({
    id: backupId,
    target: username.describe("Its owner; the login is for it"),
    ...login,
    wait_seconds: waitSeconds.describe("It continues after that"),
  }),
  output: z.strictObject({
    id: z.string().describe("The backup"),
    done: z.boolean().describe("False: in progress; call again with the same arguments"),
    verification: verification.optional().describe("What was found; absent: not done yet"),
  }),

  run: async (args, { client, signal, progress }) => {
    progress(1, 2, `Testing ${visible(args.id)}`);
    const result = await client.backups.verify(args.id, args.target, {
      ...loginOf(args),
      signal,
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

const words = {
  passed: "passed; it can be restored.",
  failed: "FAILED; do not rely on it. Tell the user, and make another.",
  not_tested:
    "not tested; the scratch database could not be created in that container. This says " +
    "nothing about the backup. Check PostgreSQL there, user and password_secret, then call again.",
} as const;

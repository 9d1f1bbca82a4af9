import { z } from "zod";
import type { Container, DeleteLaterOptions } from "../../client/mod.ts";
import { formatTime } from "../../client/internal.ts";
import type { Policy } from "../policy/mod.ts";
import { time } from "../schemas.ts";
import { deletesInSeconds } from "../text/time_left.ts";
import type { ToolContext } from "../tool.ts";

/** Argument of the tools that delete containers. */
export const permanently = z.boolean().default(false)
  .describe("At once, with no undo");

/** What becomes of a container that can be recovered, in the result of a deletion. */
export const recoverableFields = {
  "deletion_at": time.optional()
    .describe(
      "When it is gone; undelete_container brings it back until then; absent: it is gone now",
    ),
  "deletes_in_seconds": z.number().optional().describe("Seconds until then"),
};

/** What becomes of a container that can be recovered. */
export type RecoverableAnswer = z.infer<z.ZodObject<typeof recoverableFields>>;

/** Returns the policy as a delete goes by it: nothing has a grace that is deleted at once. */
export async function deletePolicy(
  isPermanent: boolean,
  { policy }: Pick<ToolContext, "policy">,
): Promise<Policy> {
  const now = await policy();
  return isPermanent ? { ...now, deleteGrace: undefined } : now;
}

/** Deletes a container so that it can be recovered; `undefined`: there was none. */
export async function deleteRecoverably(
  username: string,
  options: Pick<DeleteLaterOptions, "force" | "agreed" | "graceSeconds" | "why">,
  { client, signal }: Pick<ToolContext, "client" | "signal">,
): Promise<Container | undefined> {
  const claims = await client.tokenClaims();
  const by = claims?.username;
  const { container } = await client.containers.deleteLater(username, { ...options, by, signal });
  return container;
}

/** Returns what becomes of a container as fields of a result. */
export function recoverableAnswer(container: Container): RecoverableAnswer {
  const seconds = deletesInSeconds(container);
  return {
    deletion_at: seconds === undefined
      ? undefined
      : formatTime(new Date(Date.now() + seconds * 1_000)),
    deletes_in_seconds: seconds,
  };
}

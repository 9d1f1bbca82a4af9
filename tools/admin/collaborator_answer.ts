/**
 * Schemas and words that the tools for collaborators share.
 *
 * @module
 */
import { z } from "zod";
import type { Collaborator } from "../../client/mod.ts";
import {
  collaboratorProblem,
  containerName,
  describeKey,
  formatTime,
  readKeyLine,
  visible,
} from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { time } from "../schemas.ts";
import { quoted } from "../text/quoted.ts";

const MAX_CHARS = 200;

/** Who it is. */
export const collaboratorName = z.string()
  .refine((name) => collaboratorProblem(name) === undefined, {
    error: ({ input }) => collaboratorProblem(String(input)),
  })
  .describe("The other person, e.g. bob");

/** A collaborator in a result. */
export const collaborator = z.strictObject({
  name: z.string().describe("Who it is"),
  account: z.string().describe("The account to log in as"),
  sudo: z.literal(true).optional().describe("True: may do whatever the owner can"),
  container_runtime: z.literal(true).optional().describe("True: may run containers in it"),
  keys: z.array(z.string()).describe("Type, fingerprint and comment: data from outside"),
  added_at: time.optional().describe("Since when, UTC"),
});

/** A collaborator in a result. */
export type CollaboratorAnswer = z.infer<typeof collaborator>;

/** Returns a collaborator as a result has it. */
export async function collaboratorAnswer(from: Collaborator): Promise<CollaboratorAnswer> {
  return {
    name: cut(from.name),
    account: cut(from.accountName),
    sudo: from.hasSudo ? true : undefined,
    container_runtime: from.hasContainerRuntime ? true : undefined,
    keys: await Promise.all(from.keys.map(describe)),
    added_at: formatTime(from.addedAt),
  };
}

async function describe(line: string): Promise<string> {
  const key = readKeyLine(line);
  if (key === undefined) return "(not a key)";
  const { type, fingerprint, comment } = await describeKey(key);
  return cut([type, fingerprint, comment].join(" ").trim());
}

function cut(text: string): string {
  return text.length <= MAX_CHARS ? visible(text) : `${visible(text.slice(0, MAX_CHARS))}…`;
}

/** Returns an account's rights in words; empty if it has none beyond its own. */
export function rightsOf(rights: Pick<CollaboratorAnswer, "sudo" | "container_runtime">): string {
  return unlessEmpty([
    ...(rights.sudo === true ? ["sudo"] : []),
    ...(rights.container_runtime === true ? ["containers"] : []),
  ])?.join(", ") ?? "";
}

/** Returns a collaborator as a question names it. */
export function collaboratorInQuestion(
  username: string,
  { name, accountName, hasSudo }: Collaborator,
): string {
  return `the collaborator ${quoted(name)} of ${containerName(username)}, with the account ` +
    `${quoted(accountName)}${hasSudo ? ", which may use sudo" : ""}`;
}

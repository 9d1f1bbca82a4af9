/**
 * Schemas and words that the four tools share.
 *
 * @module
 */
import { z } from "zod";
import type { Secret, SecretDelivery } from "../../client/mod.ts";
import {
  containerName,
  formatTime,
  newSecretNameProblem,
  secretDeliveries,
  secretNameProblem,
  visible,
} from "../../client/internal.ts";
import { time } from "../schemas.ts";

/** A secret's name. */
export const secretName = z.string()
  .refine((name) => secretNameProblem(name) === undefined, {
    error: ({ input }) => secretNameProblem(String(input)),
  })
  .describe("Its name");

/** The name of a secret to set. */
export const newSecretName = z.string()
  .refine((name) => newSecretNameProblem(name) === undefined, {
    error: ({ input }) => newSecretNameProblem(String(input)),
  })
  .describe("Its name: A-Z 0-9 _");

/** How a container gets a secret. */
export const delivery = z.enum(secretDeliveries);

/** A secret in a result, without its value. */
export const secret = z.strictObject({
  name: z.string().describe("Its name"),
  delivery: delivery.describe(
    "env: a variable of that name; file: /run/secrets/<name>; " +
      "compose: a line of /run/containarium/secrets.env",
  ),
  version: z.number().describe("1 for its first value, more by 1 with each new one"),
  updated_at: time.optional().describe("When it got its value, UTC"),
});

/** A secret in a result, without its value. */
export type SecretAnswer = z.infer<typeof secret>;

/** Returns a secret as a result has it. */
export function secretAnswer(from: Secret): SecretAnswer {
  return {
    name: visible(from.name),
    delivery: from.delivery,
    version: from.version,
    updated_at: formatTime(from.updatedAt),
  };
}

/** Returns a secret as a question names it: its name is valid, since it was asked for by it. */
export function secretInQuestion(
  username: string,
  { name, version, updatedAt }: Secret,
): string {
  const set = updatedAt === undefined ? "" : `, set ${formatTime(updatedAt)}`;
  return `the secret ${name} of ${containerName(username)} (version ${version}${set})`;
}

/** Returns where a container keeps a value that the daemon has given it once. */
export function remains(username: string, { name, delivery }: Secret): string | undefined {
  const places: Readonly<Record<SecretDelivery, string | undefined>> = {
    env:
      `in the environment of ${
        containerName(username)
      }: running processes keep it, and new ones get ` +
      `it until ${name} is set anew as env`,
    file: `in /run/secrets/${name} of ${containerName(username)} until it restarts`,
    // Written anew without it.
    compose: undefined,
  };
  return places[delivery];
}

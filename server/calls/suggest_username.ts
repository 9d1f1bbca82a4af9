import { z } from "zod";
import { ContainariumError } from "../../client/mod.ts";
import { nearest } from "../../client/internal.ts";
import { newUsernames, type ToolContext } from "../../tools/mod.ts";
import { innerOf } from "./normalize.ts";

/** Returns the username that was probably meant, if a call names one without a container. */
export async function meantUsername(
  error: ContainariumError,
  { username }: Readonly<Record<string, unknown>>,
  { client, signal }: ToolContext,
): Promise<string | undefined> {
  if (error.code !== "not_found" || typeof username !== "string") return undefined;
  try {
    const names = (await client.containers.listRows({ signal })).map(({ username }) => username);
    return names.includes(username) ? undefined : nearest(username, names);
  } catch (lookFailed) {
    // The error that is being explained says enough.
    if (lookFailed instanceof ContainariumError) return undefined;
    throw lookFailed;
  }
}

/** Ends the name of every container. */
const SUFFIX = "-container";

/**
 * The arguments with usernames where they name containers: `alice-container` is alice's, unless somebody
 * is called that. A name for a new container is taken as it is.
 */
export async function withUsernames<Args extends Readonly<Record<string, unknown>>>(
  { shape }: z.ZodObject,
  args: Args,
  { client, signal }: ToolContext,
): Promise<Args> {
  if (isOfNewOnes(shape.username) || isOfNewOnes(shape.usernames)) return args;
  const { username, usernames } = args;
  const named = [username, ...Array.isArray(usernames) ? usernames : []];
  if (!named.some(isContainerName)) return args;
  const listed = await client.containers.listRows({ signal });
  const owners = new Set(listed.map(({ username }) => username));
  const ownerOf = (name: unknown) => {
    const owner = isContainerName(name) ? name.slice(0, -SUFFIX.length) : undefined;
    return owner !== undefined && owners.has(owner) && !owners.has(`${name}`) ? owner : name;
  };
  return {
    ...args,
    ...(username === undefined ? {} : { username: ownerOf(username) }),
    ...(Array.isArray(usernames) ? { usernames: usernames.map(ownerOf) } : {}),
  };
}

function isOfNewOnes(schema: z.core.$ZodType | undefined): boolean {
  if (schema === undefined) return false;
  const inner = innerOf(schema);
  if (inner !== undefined) return isOfNewOnes(inner);
  return newUsernames.get(schema) !== undefined ||
    (schema instanceof z.core.$ZodPipe && isOfNewOnes(schema._zod.def.out));
}

function isContainerName(name: unknown): name is string {
  return typeof name === "string" && name.endsWith(SUFFIX) && name.length > SUFFIX.length;
}

import { ContainariumError, nearest } from "../client/mod.ts";
import type { ToolContext } from "../tools/mod.ts";

/** The username that was probably meant, when a call names one that there is no container of. */
export async function meantUsername(
  error: ContainariumError,
  { username }: Readonly<Record<string, unknown>>,
  { client, signal }: ToolContext,
): Promise<string | undefined> {
  if (error.code !== "not_found" || typeof username !== "string") return undefined;
  try {
    const names = (await client.containers.list({ signal })).map(({ username }) => username);
    return names.includes(username) ? undefined : nearest(username, names);
  } catch (lookFailed) {
    // The error that is being explained says enough.
    if (lookFailed instanceof ContainariumError) return undefined;
    throw lookFailed;
  }
}

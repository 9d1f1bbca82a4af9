import type { Withheld } from "./record_entry.ts";

/** A shorter text can be a password, which its hash lets somebody guess. */
const LEAST_HASHED_CHARS = 32;

/**
 * Returns what is recorded in place of a text.
 *
 * @param call The call's id, without which equal texts would have equal hashes
 * @param isAlwaysHashed Whether it is hashed however short it is
 */
export async function withhold(
  call: string,
  text: string,
  isAlwaysHashed = false,
): Promise<Withheld> {
  const { length } = text;
  if (length === 0 || (length < LEAST_HASHED_CHARS && !isAlwaysHashed)) return { length };
  const bytes = new TextEncoder().encode(`${call}\n${text}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { length, sha256: digest.toHex() };
}

/** Characters that need no quotes in a shell, a URL, JSON or a dotenv file. */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** The largest multiple of 62 in a byte: above it, some characters would be likelier than others. */
const END = 256 - 256 % alphabet.length;

/**
 * Returns random letters and digits, from the system's cryptographic source: 5.95 bits each.
 *
 * @param length Number of characters
 *
 * @example Set a password that nobody has seen
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { randomSecret } from "@containarium/mcp-server/client";
 *
 * assertEquals(randomSecret(24).length, 24);
 * ```
 */
export function randomSecret(length: number = 32): string {
  let text = "";
  while (text.length < length) {
    const bytes = crypto.getRandomValues(new Uint8Array(64));
    for (const byte of bytes) {
      if (byte < END && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

import type { KeyLine } from "./key_line.ts";
import { optionNames, publicKeyProblem } from "./public_key.ts";

/** Options that may keep the owner of the key from a shell. */
const limiting = new Set(["cert-authority", "command", "expiry-time", "principals", "tunnel"]);

/**
 * Returns whether a line certainly lets the owner of its key log in. In doubt it returns false:
 * better to ask the user about a last key once too often.
 */
export function letsIn({ options, type, base64 }: KeyLine): boolean {
  // Its comment does not matter.
  const line = [options, type, base64].filter((part) => part !== "").join(" ");
  return publicKeyProblem(line, { allowOptions: true }) === undefined &&
    !optionNames(options).some((name) => limiting.has(name.toLowerCase()));
}

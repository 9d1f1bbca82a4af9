import type { KeyLine } from "./key_line.ts";
import { optionNames, publicKeyProblem } from "./public_key.ts";

/** Options with which a line may let nobody in who wants a shell. */
const limiting = new Set(["cert-authority", "command", "expiry-time", "principals", "tunnel"]);

/**
 * Whether a line lets the owner of its key log in for certain. In doubt it does not, so that a user is
 * asked about a last key once too often, not once too seldom.
 */
export function letsIn({ options, type, base64 }: KeyLine): boolean {
  // Its comment is nobody's business.
  const line = [options, type, base64].filter((part) => part !== "").join(" ");
  return publicKeyProblem(line, { allowOptions: true }) === undefined &&
    !optionNames(options).some((name) => limiting.has(name.toLowerCase()));
}

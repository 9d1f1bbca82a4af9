import { ContainariumError } from "../errors.ts";
import type { AuthorizedKeys } from "./authorized_keys.ts";
import { fingerprintOf } from "./key_blob.ts";
import { identityOf, type KeyLine, readKeyLine, splitKeyLine } from "./key_line.ts";
import { privateKeyProblem, publicKeyProblem } from "./public_key.ts";

/** How a key is chosen. */
export type KeyChoice =
  | { readonly by: "line"; readonly line: KeyLine }
  | { readonly by: "fingerprint"; readonly fingerprint: string }
  | { readonly by: "comment"; readonly comment: string };

const MAX_CANDIDATES = 10;

/**
 * Parses how a key is chosen: by its line, its SHA-256 fingerprint, or else its comment.
 *
 * @throws {ContainariumError} `invalid_argument` for a text that is none of them
 */
export function readChoice(text: string): KeyChoice {
  const trimmed = text.trim();
  const problem = privateKeyProblem(trimmed) ??
    (trimmed === "" ? "specify the key" : undefined) ??
    (/[\r\n]/.test(trimmed) ? "expected one key, not several lines" : undefined) ??
    fingerprintProblem(trimmed);
  if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
  if (trimmed.startsWith("SHA256:")) {
    return { by: "fingerprint", fingerprint: trimmed.replace(/=$/, "") };
  }
  const line = readKeyLine(trimmed);
  if (line !== undefined) return { by: "line", line };
  const damaged = splitKeyLine(trimmed) === undefined
    ? undefined
    : publicKeyProblem(trimmed, { allowOptions: true });
  if (damaged !== undefined) throw new ContainariumError("invalid_argument", damaged);
  return { by: "comment", comment: trimmed };
}

/**
 * Finds the key in a file.
 *
 * @returns Every line with it; empty if there is none
 * @throws {ContainariumError} `invalid_argument` when several keys match
 */
export async function findKey(
  keys: AuthorizedKeys,
  choice: KeyChoice,
): Promise<readonly KeyLine[]> {
  const found = new Map<string, KeyLine>();
  for (const key of keys.keys) {
    if (await fits(key, choice)) found.set(identityOf(key), key);
  }
  if (found.size > 1) throw await ambiguity([...found.values()]);
  const [identity] = found.keys();
  return identity === undefined ? [] : keys.linesOf(identity);
}

async function fits(key: KeyLine, choice: KeyChoice): Promise<boolean> {
  switch (choice.by) {
    case "line":
      return identityOf(key) === identityOf(choice.line);
    case "fingerprint":
      return await fingerprintOf(key.blob) === choice.fingerprint;
    case "comment":
      return key.comment === choice.comment;
  }
}

async function ambiguity(candidates: readonly KeyLine[]): Promise<ContainariumError> {
  const described = await Promise.all(
    candidates.slice(0, MAX_CANDIDATES).map(async ({ type, blob }) =>
      `${await fingerprintOf(blob)} (${type})`
    ),
  );
  const more = candidates.length - described.length;
  return new ContainariumError(
    "invalid_argument",
    `${candidates.length} keys have that comment, so none was removed; specify one by its ` +
      `fingerprint: ${described.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
  );
}

function fingerprintProblem(text: string): string | undefined {
  if (/^MD5:|^[0-9a-f]{2}(:[0-9a-f]{2}){15}$/i.test(text)) {
    return "an MD5 fingerprint is too weak to distinguish keys: pass the one that begins with SHA256:";
  }
  return text.startsWith("SHA256:") && !/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text)
    ? "a SHA-256 fingerprint has 43 characters after SHA256:"
    : undefined;
}

import { blobProblem, decodeBlob } from "./key_blob.ts";
import { type KeyParts, splitKeyLine } from "./key_line.ts";

/** Rules for a public key. */
export interface PublicKeyRules {
  /**
   * Whether to accept options of `authorized_keys` before it, such as `from="10.0.0.0/8"`.
   *
   * @default {false}
   */
  readonly allowOptions?: boolean | undefined;
}

/** The daemon accepts no longer line. */
const MAX_BYTES = 8_192;
const SHAPE = 'expected one line of a .pub file: "ssh-ed25519 AAAA… comment"';

/** The daemon refuses a key that contains any of these, even in its base64. */
const placeholders = /your_key|your-key|yourkey|placeholder|replace_me|replace-me|todo|\.\.\./i;

/** Options that sshd knows. It ignores a line with any other. */
const options = new Set(
  ("agent-forwarding cert-authority command environment expiry-time from no-agent-forwarding " +
    "no-port-forwarding no-pty no-touch-required no-user-rc no-verify-required " +
    "no-x11-forwarding permitlisten " +
    "permitopen port-forwarding principals pty restrict touch-required tunnel user-rc " +
    "verify-required x11-forwarding").split(" "),
);

/**
 * Returns why a text cannot be used as an SSH public key, or `undefined` if it can. The reason
 * quotes nothing of the text beyond its type, since the text may be a private key.
 *
 * @param text One line of a `.pub` file
 */
export function publicKeyProblem(
  text: string,
  { allowOptions = false }: PublicKeyRules = {},
): string | undefined {
  const shape = shapeProblem(text);
  const parts = splitKeyLine(text.trim());
  if (shape !== undefined || parts === undefined) return shape ?? SHAPE;
  if (parts.options !== "") {
    const problem = allowOptions ? optionsProblem(parts.options) : notAllowed(parts);
    if (problem !== undefined) return problem;
  }
  const blob = decodeBlob(parts.base64);
  return blob === undefined
    ? "its base64 is damaged: copy the whole line of the .pub file"
    : blobProblem(parts.type, blob);
}

/** As {@linkcode publicKeyProblem}, for a key that must also pass the daemon's own check. */
export function daemonKeyProblem(text: string): string | undefined {
  return shapeProblem(text) ?? placeholderProblem(text) ?? publicKeyProblem(text);
}

/**
 * Returns which placeholder the daemon would find in a text, or `undefined` if it would find none.
 */
export function placeholderProblem(text: string): string | undefined {
  const found = placeholders.exec(text)?.[0];
  return found === undefined
    ? undefined
    : `the daemon refuses a key with "${found}" in it (it takes that for a placeholder, in the key's ` +
      `base64 and comment too): change the comment, or make another key`;
}

/** Returns a problem if a text is a private key. */
export function privateKeyProblem(text: string): string | undefined {
  return /PRIVATE KEY|^\s*PuTTY-User-Key-File/.test(text)
    ? "this is a private key, which must never leave its owner's machine: pass the public one (….pub), and replace this pair"
    : undefined;
}

function shapeProblem(text: string): string | undefined {
  const isPrivate = privateKeyProblem(text);
  if (isPrivate !== undefined) return isPrivate;
  const line = text.trim();
  if (!line.isWellFormed() || /[^\P{Cc}\t]/u.test(line)) return SHAPE;
  if (new TextEncoder().encode(line).length > MAX_BYTES) {
    return `over ${MAX_BYTES} bytes, longer than any public key`;
  }
  return splitKeyLine(line) === undefined ? SHAPE : undefined;
}

function notAllowed({ options }: KeyParts): string {
  const names = optionNames(options).join(", ");
  return `it begins with options of authorized_keys (${names}), which change what the key may do: ` +
    "omit them, or allow them if the user wants them";
}

function optionsProblem(text: string): string | undefined {
  const unknown = optionNames(text).find((name) => !options.has(name.toLowerCase()));
  return unknown === undefined
    ? undefined
    : `"${unknown}" is not an option that sshd knows; it would ignore the whole line`;
}

/** `from="a,b",no-pty` → from, no-pty; of anything else at most its start. */
export function optionNames(text: string): readonly string[] {
  return text.replaceAll(/"(?:\\"|[^"])*"/g, "").split(",")
    .map((part) => (/^[\w-]*/.exec(part)?.[0] ?? "").slice(0, 40));
}

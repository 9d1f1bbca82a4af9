import { blobProblem, decodeBlob } from "./key_blob.ts";
import { type KeyParts, splitKeyLine } from "./key_line.ts";

/** What a public key may be. */
export interface PublicKeyRules {
  /**
   * Whether it may begin with options of `authorized_keys`, such as `from="10.0.0.0/8"`.
   *
   * @default {false}
   */
  readonly allowOptions?: boolean | undefined;
}

/** The daemon takes no longer line. */
const MAX_BYTES = 8_192;
const SHAPE = 'expected one line of a .pub file: "ssh-ed25519 AAAA… comment"';

/** The daemon refuses a key in which any of these stands anywhere, in the base64 too. */
const placeholders = /your_key|your-key|yourkey|placeholder|replace_me|replace-me|todo|\.\.\./i;

/** The options that sshd knows; with any other it passes over the line. */
const options = new Set(
  ("agent-forwarding cert-authority command environment expiry-time from no-agent-forwarding " +
    "no-port-forwarding no-pty no-touch-required no-user-rc no-verify-required " +
    "no-x11-forwarding permitlisten " +
    "permitopen port-forwarding principals pty restrict touch-required tunnel user-rc " +
    "verify-required x11-forwarding").split(" "),
);

/**
 * Says why a text cannot be taken for an SSH public key, or nothing when it can. What it says holds
 * nothing of the text beyond its type, since that may be a private key.
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

/** As {@linkcode publicKeyProblem}, for a key that has to pass the daemon's own check too. */
export function daemonKeyProblem(text: string): string | undefined {
  return shapeProblem(text) ?? placeholderProblem(text) ?? publicKeyProblem(text);
}

/** Says which of its words for a placeholder the daemon would find in a text, and what follows. */
export function placeholderProblem(text: string): string | undefined {
  const found = placeholders.exec(text)?.[0];
  return found === undefined
    ? undefined
    : `the daemon refuses a key with "${found}" in it (it takes that for a placeholder, in the key's ` +
      `base64 and comment too): change the comment, or make another key`;
}

/** Says that a text is a private key, or nothing when it is none. */
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

/** `from="a,b",no-pty` → from, no-pty; of something else no more than its start. */
export function optionNames(text: string): readonly string[] {
  return text.replaceAll(/"(?:\\"|[^"])*"/g, "").split(",")
    .map((part) => (/^[\w-]*/.exec(part)?.[0] ?? "").slice(0, 40));
}

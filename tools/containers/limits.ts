import { z } from "zod";

/** Incus's byte sizes; it knows no `4G` and no lower case but `kB`. */
const size = "[1-9]\\d*(?:B|[kMGTPE]B|[KMGTPE]iB)?";

const sizePattern = new RegExp(`^${size}$`);
const memoryPattern = new RegExp(`^(?:${size}|[1-9]\\d?%|100%)$`);
const coresPattern = /^(?=.*[1-9])(?:\d+(?:\.\d+)?|\d+m)$/;
const cpuSetPattern = /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/;

// Checked here and told in words, not as a pattern in the schema: patterns cost tokens and some
// clients refuse look-aheads.

/** A CPU limit in the daemon's words. */
export const cpu = z
  .string()
  .refine(
    (text) => coresPattern.test(text) || (/[-,]/.test(text) && cpuSetPattern.test(text)),
    'expected cores ("4", "0.5"), millicores ("250m") or a set of CPUs ("0-3")',
  )
  .describe("CPU limit: cores (4, 0.5), millicores (250m) or a set (0-3)");

/** A memory limit in Incus's words. */
export const memory = z
  .string()
  .refine(
    (text) => memoryPattern.test(text),
    'expected a size such as "512MB", "4GB" or "4GiB", or a share of the host such as "50%"',
  )
  .describe("Memory limit, e.g. 4GB, 512MiB, 50%");

/** A disk limit in Incus's words. */
export const disk = z
  .string()
  .refine((text) => sizePattern.test(text), 'expected a size such as "50GB" or "20GiB"')
  .describe("Disk limit, e.g. 50GB");

/** The daemon refuses a key in which any of these stands anywhere, in the base64 too. */
const placeholders = /your_key|your-key|yourkey|placeholder|replace_me|replace-me|todo|\.\.\./i;

/** One line of `authorized_keys` without options. */
export const sshPublicKey = z
  .string()
  .trim()
  .max(8192)
  .check((context) => {
    const problem = sshKeyProblem(context.value);
    if (problem === undefined) return;
    // A private key must not come back in an error, so the input is left out.
    context.issues.push({ code: "custom", message: problem, input: "" });
  })
  .describe('OpenSSH public key, e.g. "ssh-ed25519 AAAA… alice@laptop"');

function sshKeyProblem(key: string): string | undefined {
  if (/PRIVATE KEY/.test(key)) {
    return "this is a private key, which must never leave its owner's machine: give the public one (….pub), and replace this pair";
  }
  if (!/^(?:ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/]+={0,3}(?: [^\r\n]*)?$/.test(key)) {
    return 'expected one line of a .pub file: "ssh-ed25519 AAAA… comment"';
  }
  const found = placeholders.exec(key)?.[0];
  return found === undefined
    ? undefined
    : `the daemon refuses a key with "${found}" in it (it takes that for a placeholder, in the key's ` +
      `base64 and comment too): change the comment, or make another key`;
}

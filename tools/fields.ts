import { z } from "zod";
import {
  daemonKeyProblem,
  deletionLabel,
  gitRefProblem,
  gitSourceProblem,
  gpuProblem,
  labelKeyProblem,
  maxTtlSeconds,
  osNames,
  parseCpu,
  parseDuration,
  parseShare,
  parseSize,
} from "../client/internal.ts";
import { mapOf } from "./schema/map_of.ts";
import { quantities } from "./schema/quantity_notes.ts";
import { readCpu, readSeconds, readSize, readTtl } from "./schema/quantity_spellings.ts";
import { spelled, spellings } from "./schema/spellings.ts";

// Checked in code and described in words, not as a pattern in the schema: patterns cost tokens, and some
// clients refuse look-aheads.

/** CPU limit in the daemon's syntax. */
export const cpu = spellings.add(quantities.add(z.string(), true), readCpu)
  .refine(
    (text) => parseCpu(text) !== undefined,
    'expected cores ("4", "0.5"), millicores ("250m") or a set of CPUs ("0-3")',
  )
  .describe("CPU limit: cores (4, 0.5), millicores (250m) or a set (0-3)");

/** Requires a unit: Incus reads a bare number as bytes, so 4 meant as 4GB would become 4 bytes. */
const isSize = (text: string): boolean => parseSize(text) !== undefined && !/^\d+$/.test(text);

/** Memory limit in Incus's syntax. */
export const memory = spellings.add(z.string(), readSize)
  .refine(
    (text) => isSize(text) || parseShare(text) !== undefined,
    'expected a size with its unit, such as "512MB", "4GB" or "4GiB", or a share of the host such as "50%"',
  )
  .describe("Memory limit, e.g. 4GB, 512MiB, 50%");

/** Disk limit in Incus's syntax. */
export const disk = spellings.add(z.string(), readSize)
  .refine(
    isSize,
    'expected a size with its unit, such as "50GB" or "20GiB"',
  )
  .describe("Disk limit, e.g. 50GB");

const isTtl = (text: string): boolean => (parseDuration(text) ?? Infinity) <= maxTtlSeconds;

/** Images that have the same name on Docker Hub and images.linuxcontainers.org. */
const dockerImage =
  /^(ubuntu|debian|alpine|fedora|centos|rockylinux|almalinux|archlinux|opensuse):([a-z0-9][\w.]*)$/;

/** Image in Incus's syntax, or in Docker's: `ubuntu:24.04`. */
export const image = spellings.add(
  z.string().min(1),
  (text) => text.trim().replace(dockerImage, "images:$1/$2"),
);

/** Operating system that the daemon knows by name. */
export const os = spellings.add(
  z.enum(osNames),
  spelled({
    ubuntu: "ubuntu_2404",
    ubuntu2404: "ubuntu_2404",
    "ubuntu 24.04": "ubuntu_2404",
    "ubuntu:24.04": "ubuntu_2404",
    "ubuntu/24.04": "ubuntu_2404",
    rocky: "rocky_9",
    rocky9: "rocky_9",
    rhel: "rhel_9",
    rhel9: "rhel_9",
    windows: "windows_2022",
    windows2022: "windows_2022",
  }),
);

/** Time to live. */
export const ttl = spellings.add(z.string(), readTtl)
  .refine(isTtl, 'expected a duration of at most 7 days, such as "8h", "90m" or "7d"');

/** Time to live, or `never`. */
export const ttlOrNever = spellings.add(z.string(), readTtl)
  .refine(
    (text) => text === "never" || isTtl(text),
    'expected "never" or a duration of at most 7 days, such as "8h", "90m" or "7d"',
  );

/** Integer number of seconds, or a duration: `10s`. */
export const seconds = spellings.add(z.int(), readSeconds);

/** Seconds to wait. */
export const waitSeconds = seconds.min(0).max(3600).default(25);

const reservedLabel =
  `${deletionLabel} is this server's record of a delete: undelete_container undoes it`;

/** Labels to set. */
export const labels = mapOf(z.string().min(1).max(256), z.string().max(256))
  .refine((record) => Object.keys(record).length <= 64, "at most 64 labels")
  .refine(
    (record) => !Object.hasOwn(record, "os-type"),
    "os-type is reserved for the daemon and cannot be set",
  )
  .refine((record) => !Object.hasOwn(record, deletionLabel), reservedLabel)
  .check(({ value, issues }) => {
    for (const key of Object.keys(value)) {
      const message = labelKeyProblem(key);
      if (message !== undefined) issues.push({ code: "custom", message, input: "" });
    }
  });

/** Key of a label to remove. */
export const labelKey = z.string().min(1).refine(
  (key) => key !== deletionLabel,
  reservedLabel,
).check(({ value, issues }) => {
  const message = labelKeyProblem(value);
  if (message !== undefined) issues.push({ code: "custom", message, input: "" });
});

/** One line of `authorized_keys` without options; has no description. */
export const sshKeyLine = z
  .string()
  .trim()
  // Checked in code: clients that compile a grammar from the schema refuse large bounds.
  .refine(({ length }) => length <= 8192, "expected at most 8,192 characters")
  .check((context) => {
    const problem = daemonKeyProblem(context.value);
    if (problem === undefined) return;
    // A private key must not come back in an error, so the input is left out.
    context.issues.push({ code: "custom", message: problem, input: "" });
  });

/** SSH public key, with a description. */
export const sshPublicKey = sshKeyLine
  .describe('OpenSSH public key, e.g. "ssh-ed25519 AAAA… alice@laptop"');

/** Text that a function of the client judges. */
function judged(problem: (text: string) => string | undefined) {
  return z.string().check(({ value, issues }) => {
    const message = problem(value);
    if (message !== undefined) issues.push({ code: "custom", message, input: "" });
  });
}

/** What create_container and a template of the policy file have in common. */
export const containerFields = {
  cpu: cpu.optional(),
  memory: memory.optional(),
  disk: disk.optional(),
  image: image.optional(),
  os: os.optional().describe("Operating system, instead of image"),
  labels: labels.optional(),
  ttl: ttl.optional(),
  ssh_keys: z.array(sshPublicKey).max(32).optional(),
  enable_docker: z.boolean().optional(),
  backend: z.string().min(1).optional().describe("Host to create it on"),
  pool: z.string().min(1).optional().describe("Pool of hosts to create it in"),
  gpus: z.array(judged(gpuProblem)).refine(({ length }) => length <= 16, "at most 16 GPUs")
    .optional().describe("GPUs of the host, by index or PCI address"),
  stack: z.string().min(1).optional().describe("Software to install, e.g. nodejs"),
  monitoring: z.boolean().optional().describe("Send metrics to the host's collector"),
  encrypted: z.boolean().optional().describe("Encrypt its disk"),
  git_source: judged(gitSourceProblem).optional()
    .describe("Git repository to clone to /workspace"),
  git_ref: judged(gitRefProblem).optional().describe("Its branch, tag or commit"),
  auto_sleep_minutes: z.int().min(1).max(10_080).optional()
    .describe("Stop it after this many idle minutes"),
  delete_after_stopped: ttl.optional().describe("Delete it this long after it stops, e.g. 2d"),
} as const;

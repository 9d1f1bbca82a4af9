/**
 * Whether a host can give and enforce the limits of a container.
 *
 * @module
 */
import { z } from "zod";
import type {
  CallOptions,
  ContainariumClient,
  Container,
  HostFacts,
  Limits,
} from "../../client/mod.ts";
import { parseCpu, parseSize, visible } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { formatBytes } from "../text/format.ts";

/** Warnings in a result. */
export const warnings = z.array(z.string()).optional()
  .describe("Warnings; absent: none");

/** Returns each warning once; `undefined` if there are none. */
export function distinctWarnings(found: readonly string[]): string[] | undefined {
  return unlessEmpty([...new Set(found)]);
}

/** Returns a warning for each limit that the host cannot give or does not enforce. */
export function limitWarnings(
  { cpu, memory, disk }: Limits,
  host: HostFacts | undefined,
): readonly string[] {
  if (host === undefined) return [];
  return [
    ...tooManyCpus(cpu, host),
    ...tooLarge(memory, host.memoryBytes, "memory"),
    ...tooLarge(disk, host.diskBytes, "disk"),
    ...diskWarnings(disk, host),
  ];
}

/** Returns a warning if a disk limit is only a number: Incus's `dir` driver enforces no size. */
export function diskWarnings(
  disk: string | undefined,
  host: HostFacts | undefined,
): readonly string[] {
  if (disk === undefined || disk === "" || host === undefined || !isUnenforced(host)) return [];
  return [unenforced];
}

/**
 * Returns that warning for a container, by the host that it is on.
 *
 * @throws {ContainariumError} `cancelled`
 */
export async function diskWarningsOf(
  { disk, backendId }: Container,
  client: ContainariumClient,
  options: CallOptions,
): Promise<readonly string[]> {
  return diskWarnings(disk, await client.backends.hostOf(backendId, options));
}

/** Whether a host's storage driver enforces no disk limits. Unknown drivers are trusted. */
export function isUnenforced({ storageDriver }: HostFacts): boolean {
  return storageDriver === "dir";
}

const unenforced =
  "The disk limit is not enforced: storage driver dir (unless the host has project quotas).";

function tooManyCpus(cpu: string | undefined, { cpus }: HostFacts): readonly string[] {
  const wanted = parseCpu(cpu ?? "");
  if (wanted === undefined || cpus === undefined) return [];
  const needed = wanted.kind === "set" ? wanted.highest + 1 : wanted.cpus;
  if (needed <= cpus) return [];
  const are = cpus === 1 ? "1 CPU" : `${cpus} CPUs`;
  return [`The host has ${are}, so ${visible(cpu ?? "")} gives no more than that.`];
}

function tooLarge(
  limit: string | undefined,
  hostBytes: number | undefined,
  what: "memory" | "disk",
): readonly string[] {
  const wanted = parseSize(limit ?? "");
  if (wanted === undefined || hostBytes === undefined || wanted <= hostBytes) return [];
  return [
    `The host has ${formatBytes(hostBytes)} of ${what}, so ${limit} gives no more than that.`,
  ];
}

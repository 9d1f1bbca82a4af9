import { isGivenUp } from "../async/call_deadline.ts";
import { ContainariumError } from "../errors.ts";
import type { Host } from "./system.ts";

/** What a host has, as far as limits depend on it. What is absent the daemon did not report. */
export interface HostFacts {
  /** Logical CPUs. */
  readonly cpus?: number | undefined;
  /** Memory, in bytes. */
  readonly memoryBytes?: number | undefined;
  /** Size of the storage pool, in bytes. */
  readonly diskBytes?: number | undefined;
  /** Storage driver: `dir`, `zfs`. */
  readonly storageDriver?: string | undefined;
}

/** Facts of the hosts by their ids; the host that answers has none. */
export type HostsById = ReadonlyMap<string | undefined, HostFacts>;

/** How long the facts are kept: hardware seldom changes, and many calls ask. */
const KEEP_MS = 60_000;

/** Keeps what was read of the hosts for a minute. */
export class KnownHosts {
  readonly #read: (signal: AbortSignal | undefined) => Promise<HostsById>;
  #known: { readonly hosts: HostsById; readonly until: number } | undefined;

  /** @param read Reads the facts of all hosts */
  constructor(read: (signal: AbortSignal | undefined) => Promise<HostsById>) {
    this.#read = read;
  }

  /**
   * Returns what is known of the hosts. The facts are an extra: a token that may not see them, or a
   * daemon that cannot say, gives none.
   *
   * @throws {ContainariumError} `cancelled` or `timeout`
   */
  async get(signal: AbortSignal | undefined): Promise<HostsById> {
    if (this.#known !== undefined && performance.now() < this.#known.until) {
      return this.#known.hosts;
    }
    try {
      return this.#keep(await this.#read(signal));
    } catch (error) {
      if (!(error instanceof ContainariumError) || isGivenUp(error, signal)) throw error;
      const isFinal = error.code === "permission_denied" || error.code === "unsupported";
      return isFinal ? this.#keep(new Map()) : new Map();
    }
  }

  #keep(hosts: HostsById): HostsById {
    this.#known = { hosts, until: performance.now() + KEEP_MS };
    return hosts;
  }
}

/** Returns the facts of one host. A number of 0 is protojson's way to say nothing. */
export function hostFacts({ cpus, memoryBytes, diskBytes, storageDriver }: Host): HostFacts {
  const said = (amount: number) => amount > 0 ? amount : undefined;
  return {
    cpus: said(cpus),
    memoryBytes: said(memoryBytes),
    diskBytes: said(diskBytes),
    storageDriver,
  };
}

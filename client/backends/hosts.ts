import { isGivenUp } from "../async/call_deadline.ts";
import { ContainariumError } from "../errors.ts";
import type { Host } from "./system.ts";

/** Capacity of a host that limits depend on. The daemon did not report what is absent. */
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

/** Facts of the hosts by id; `undefined` for the host that answers. */
export type HostsById = ReadonlyMap<string | undefined, HostFacts>;

/** Milliseconds to cache the facts: hardware seldom changes. */
const KEEP_MS = 60_000;

/** Caches the facts of the hosts for a minute. */
export class KnownHosts {
  readonly #read: (signal: AbortSignal | undefined) => Promise<HostsById>;
  #known: { readonly hosts: HostsById; readonly until: number } | undefined;

  /** @param read Reads the facts of all hosts */
  constructor(read: (signal: AbortSignal | undefined) => Promise<HostsById>) {
    this.#read = read;
  }

  /**
   * Returns the facts of the hosts. Best effort: empty if the token may not read them, or the
   * daemon does not report them.
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

/** Returns the facts of one host. A 0 means "not set" in protojson. */
export function hostFacts({ cpus, memoryBytes, diskBytes, storageDriver }: Host): HostFacts {
  const said = (amount: number) => amount > 0 ? amount : undefined;
  return {
    cpus: said(cpus),
    memoryBytes: said(memoryBytes),
    diskBytes: said(diskBytes),
    storageDriver,
  };
}

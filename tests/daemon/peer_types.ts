/** What the tests see of several daemons that know each other. @module */

import type { Daemon } from "./types.ts";

/** Another daemon, as one knows it. */
export interface PeerSeed {
  /** Its name: what `backendId` says. */
  readonly id: string;
  /** The pool that it is filed under here; it may think otherwise. */
  readonly pool?: string;
  /** The daemon itself; left out: one that is never healthy. */
  readonly daemon?: Daemon;
}

/** What a daemon knows of others. */
export interface ClusterOptions {
  /** What the host is called among several. @default {its hostname} */
  readonly backendId?: string;
  /** The pool that it belongs to. */
  readonly pool?: string;
  /** @default {[]} */
  readonly peers?: readonly PeerSeed[];
}

/** How a daemon stands to others. */
export interface NeighborOptions {
  /** `alone`: it was built without peers, so that it lists no backends. @default {{}} */
  readonly cluster?: "alone" | ClusterOptions;
  /** Another daemon on the same Incus: they share all containers, but not who is being created. */
  readonly sharesIncusWith?: Daemon;
  /** The models of its GPUs, for who asks about the host. @default {[]} */
  readonly gpuModels?: readonly string[];
}

/** How long the simulated daemon takes. @module */

/** How long the daemon takes for things. Tests keep the small defaults; a real daemon's are in `realDelays`. */
export interface Delays {
  /** An async creation says CREATING for this long. */
  readonly creatingMs: number;
  /** An async creation says PROVISIONING for this long. */
  readonly provisioningMs: number;
  /** A sync creation holds the request for this long. */
  readonly syncCreateMs: number;
  /** What a recipe runs inside its new container. */
  readonly postStartMs: number;
  /** Installing a stack. */
  readonly installMs: number;
  /** A start. */
  readonly startMs: number;
  /** A second of those that a start waits for a port. */
  readonly readySecondMs: number;
  /** A scan of ClamAV's waits before it begins. */
  readonly scanQueuedMs: number;
  /** Until the proxy has what the table of routes says. */
  readonly routeSyncMs: number;
  /** A scan. */
  readonly scanMs: number;
  /** A stop. */
  readonly stopMs: number;
  /** A stop of a frozen container, which fails. */
  readonly stopFrozenMs: number;
  /** From the end of a TTL until the sweeper deletes the container. */
  readonly sweepMs: number;
  /** A deletion. */
  readonly deleteMs: number;
  /** From a start until the container shows an address. */
  readonly ipAddressMs: number;
  /** The copying of a move. */
  readonly moveMs: number;
  /** How long a peer may take to answer what is passed on to it and changes something. */
  readonly peerAnswerMs: number;
}

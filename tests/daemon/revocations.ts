/** The tokens that are not taken any more. @module */

import { isoSeconds } from "./container.ts";

/** One that is not taken any more. */
interface Revocation {
  readonly jti: string;
  readonly expiresAt: string;
  readonly revokedAt: string;
  readonly reason: string;
}

/** The revoked ones. */
export class RevocationStore {
  readonly #revocations = new Map<string, Revocation>();

  /** Whether a token of that id is taken no more. */
  has(jti: string): boolean {
    return this.#revocations.has(jti);
  }

  /** The newest first. */
  list(): readonly Revocation[] {
    return [...this.#revocations.values()].reverse();
  }

  /** Adds one; a second time changes nothing. */
  add(jti: string, reason: string, expiresAt: string): void {
    if (this.has(jti)) return;
    this.#revocations.set(jti, { jti, expiresAt, revokedAt: isoSeconds(Date.now()), reason });
  }
}

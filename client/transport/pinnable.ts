import { isAuthorityCertificate } from "./tls_fault.ts";
import type { Incoming, Outgoing, Transport } from "./transport.ts";

/**
 * The usual way, until the daemon turns out to show a certificate of its own making: `fetch` never
 * accepts that, trusted or not. Nothing has been sent by then, so that even a write may go the other way.
 */
export class PinnableTransport implements Transport {
  readonly #usual: Transport;
  readonly #direct: Transport;
  #isPinned = false;

  /**
   * @param usual `fetch`
   * @param direct Accepts a certificate that is trusted by itself
   */
  constructor(usual: Transport, direct: Transport) {
    this.#usual = usual;
    this.#direct = direct;
  }

  /** Sends a request. */
  async send(request: Outgoing): Promise<Incoming> {
    if (!this.#isPinned) {
      try {
        return await this.#usual.send(request);
      } catch (error) {
        if (!isAuthorityCertificate(error)) throw error;
      }
    }
    const response = await this.#direct.send(request);
    this.#isPinned = true;
    return response;
  }

  /** Closes idle connections. */
  [Symbol.dispose](): void {
    this.#usual[Symbol.dispose]();
    this.#direct[Symbol.dispose]();
  }
}

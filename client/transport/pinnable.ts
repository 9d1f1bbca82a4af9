import { isAuthorityCertificate } from "./tls_fault.ts";
import type { Incoming, Outgoing, Transport } from "./transport.ts";

/**
 * Uses `fetch` until the daemon presents a self-signed certificate, which `fetch` never accepts. Nothing
 * has been sent by then, so even a write can safely go by the direct transport.
 */
export class PinnableTransport implements Transport {
  readonly #usual: Transport;
  readonly #direct: Transport;
  #isPinned = false;

  /**
   * @param usual `fetch`
   * @param direct Accepts a certificate that is trusted directly
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

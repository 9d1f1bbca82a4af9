import { isLoopback } from "../loopback.ts";
import { tlsFault } from "../transport/tls_fault.ts";
import { openDirectly } from "./direct_link.ts";
import { type Link, type LinkOptions, Refused } from "./link.ts";
import { openByRuntime } from "./runtime_link.ts";

/** So long a way that may lead nowhere is tried before the other. */
const DIRECT_MS = 8_000;
const LOOPBACK_MS = 30_000;

/**
 * Opens a WebSocket: directly, so that its messages are bounded. Where the daemon cannot be reached
 * that way, the runtime may know better, by a proxy of the environment's.
 *
 * @param client The runtime's way to the daemon
 * @throws {Refused} The daemon said no
 * @throws Whatever keeps it from being reached
 */
export async function openLink(options: LinkOptions, client: Deno.HttpClient): Promise<Link> {
  const { url, signal } = options;
  const isOnlyWay = isLoopback(url.hostname);
  try {
    return await openDirectly(options, isOnlyWay ? LOOPBACK_MS : DIRECT_MS);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Refused || isOnlyWay || error instanceof Deno.errors.NotCapable) {
      throw error;
    }
    // The runtime's would say nothing of it: it tries HTTP/2 after that, and speaks of that failure.
    if (tlsFault(error, url.hostname) !== undefined) throw error;
  }
  return await openByRuntime(options, client);
}

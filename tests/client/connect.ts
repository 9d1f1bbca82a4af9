import { type ClientOptions, ContainariumClient } from "../../client/mod.ts";
import type { Daemon } from "../daemon/mod.ts";

/** A client of a simulated daemon, as an admin unless another token is given. */
export async function clientOf(
  daemon: Daemon,
  options: Partial<ClientOptions> = {},
): Promise<ContainariumClient> {
  return new ContainariumClient({
    serverUrl: daemon.url,
    token: await daemon.token(),
    ...options,
  });
}

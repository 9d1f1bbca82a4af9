/**
 * The Containarium daemon in miniature: real HTTP on a real port, real JWTs, the errors byte for byte.
 *
 * ```ts ignore
 * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
 * const answer = await fetch(`${daemon.url}/v1/containers/alice`, {
 *   headers: { authorization: `Bearer ${await daemon.token()}` },
 * });
 * ```
 *
 * @module
 */

import { sign } from "./jwt.ts";
import { createAnswerer } from "./answer.ts";
import { Frontage, matches } from "./http.ts";
import type { Daemon, DaemonOptions } from "./types.ts";
import { createWorld } from "./world.ts";

export type * from "./types.ts";
export { realDelays } from "./world.ts";

/** Starts a daemon on 127.0.0.1. */
export async function startDaemon(options: DaemonOptions = {}): Promise<Daemon> {
  const world = createWorld(options);
  const frontage = new Frontage(world.pace, createAnswerer(world));
  const url = `http://127.0.0.1:${await frontage.listen(options.port ?? 0)}`;
  const close = async (): Promise<void> => {
    world.pace.close();
    await frontage.close();
    await world.store.settled();
  };
  return {
    url,
    jwtSecret: world.jwtSecret,
    requests: frontage.requests,
    get inFlight() {
      return frontage.inFlight;
    },
    get maxInFlight() {
      return frontage.maxInFlight;
    },
    idle: () => frontage.idle(),
    get hostAccounts() {
      return [...world.hostAccounts.keys()].sort();
    },
    token: (claims = {}) => sign(claims, world.jwtSecret, world.version),
    count: (method, path) =>
      frontage.requests.filter((request) => matches(request, method, path)).length,
    state: (username) => world.store.state(username),
    when: (username, state) => world.store.when(username, state),
    hold: (method, path) => frontage.faults.hold(method, path),
    holdPhase: (phase, username) => world.pace.hold(phase, username),
    dropNext: (method, when, path) => frontage.faults.dropNext(method, when, path),
    inject: (fault) => frontage.faults.inject(fault),
    failNextCreate: (failure = {}) => world.store.failNextCreate(failure),
    close,
    [Symbol.asyncDispose]: close,
  };
}

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
import { createAdmitter, createAnswerer } from "./answer.ts";
import { dumpDatabase } from "./backups.ts";
import { BackupStore } from "./backup_store.ts";
import { fromSeed, isoSeconds } from "./container.ts";
import { forget } from "./containers.ts";
import { EventStreams } from "./event_streams.ts";
import { type Answerer, Frontage, matches } from "./http.ts";
import { Listening } from "./listening.ts";
import { FindingStore } from "./pentest_findings.ts";
import { ScanWork } from "./scan_work.ts";
import { PortForwards } from "./port_forwards.ts";
import { RouteTable } from "./route_table.ts";
import { ReverseProxy } from "./reverse_proxy.ts";
import { Shells } from "./shells.ts";
import type { Daemon, DaemonOptions, ShellOptions } from "./types.ts";
import { createWorld, type World } from "./world.ts";

export type * from "./types.ts";
export { loginShells } from "./shell_types.ts";
export { whyNoPty } from "./pty.ts";
export { realDelays } from "./world.ts";

/** The inside of each daemon, for those that know it. */
const worlds = new WeakMap<Daemon, World>();
/** The insides of the containers of each daemon that has terminals. */
const insides = new WeakMap<Daemon, Shells>();

function worldOf(daemon: Daemon): World {
  const world = worlds.get(daemon);
  if (world === undefined) throw new Error("This daemon was not started here");
  return world;
}

/** Starts a daemon on 127.0.0.1. */
export async function startDaemon(options: DaemonOptions = {}): Promise<Daemon> {
  const world = createWorld(options, worldOf);
  const answerer = createAnswerer(world);
  const frontage = new Frontage(world.pace, answerer);
  const { sharesIncusWith: neighbor } = options;
  // What runs in containers goes on without their daemon, and the first one has it removed at its end.
  const shared = neighbor === undefined ? undefined : insides.get(neighbor);
  const shells = options.shell === undefined
    ? undefined
    : await openShells(options.shell, world, frontage, answerer, shared);
  const url = `http://127.0.0.1:${await frontage.listen(options.port ?? 0)}`;
  const close = async (): Promise<void> => {
    world.pace.close();
    await frontage.close();
    await world.store.settled();
    // Incus goes on without the daemon, and is through with what that had begun.
    for (const container of world.store.all()) container.busy = undefined;
    await proxy.close();
    await forwards?.close();
    if (shared === undefined) await shells?.close();
  };
  // What is seeded of these belongs to the containers that there are now.
  world.area(RouteTable);
  world.store.swept = (container) => forget(container, world);
  world.area(Listening);
  const proxy = new ReverseProxy(world);
  const forwards = world.services.forwardsPorts ? world.area(PortForwards) : undefined;
  forwards?.begin();
  const daemon: Daemon = {
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
    settled: () => world.store.settled(),
    get hostAccounts() {
      return [...world.hostAccounts.keys()].sort();
    },
    token: (claims = {}) => Promise.resolve(sign(claims, world.jwtSecret, world.version)),
    count: (method, path) =>
      frontage.requests.filter((request) => matches(request, method, path)).length,
    replace: (container) =>
      world.store.add(fromSeed(container, container.ipAddress ?? world.store.nextIpAddress())),
    endTtl(username) {
      const container = world.store.demand(username, "no TTL");
      if (container.ttlExpiresAt === null) throw new Error(`${username} has no time to live`);
      container.ttlExpiresAt = isoSeconds(Date.now() - world.delays.sweepMs - 1_000);
    },
    state: (username) => world.store.state(username),
    when: (username, state) => world.store.when(username, state),
    snapshots: (username) => world.zfs.list(username).map(({ name }) => name),
    takeSnapshot: (username, name) => world.zfs.snapshot(username, name),
    home: (username) => withShells(shells).home(username),
    leftovers: (username) => withShells(shells).leftovers(username),
    terminals: (username) => shells?.terminals(username) ?? 0,
    dropTerminals: (username) => shells?.dropTerminals(username),
    logJournal: (username, entry) => withShells(shells).logJournal(username, entry),
    logPodman: (username, name, text) => withShells(shells).logPodman(username, name, text),
    get eventStreams() {
      return world.area(EventStreams).open;
    },
    dropEventStreams: () => world.area(EventStreams).drop(),
    writeEvents: (text) => world.area(EventStreams).write(text),
    hostKeys: (username) => world.hostAccounts.get(username)?.keys ?? [],
    hold: (method, path) => frontage.faults.hold(method, path),
    holdPhase: (phase, username) => world.pace.hold(phase, username),
    dropNext: (method, when, path) => frontage.faults.dropNext(method, when, path),
    inject: (fault) => frontage.faults.inject(fault),
    forgetFaults: (path) => frontage.faults.forget(path),
    faultsMet: frontage.faults.met,
    delivered(username) {
      const { env, files, compose } = world.store.demand(username, "no secrets").delivered;
      const [variables = {}, contents = {}, composed = {}] = [env, files, compose].map((map) =>
        Object.fromEntries(map)
      );
      return { env: variables, files: contents, compose: composed };
    },
    setFindings(findings) {
      world.area(FindingStore).seeds = findings;
    },
    setMalware(username, malware) {
      world.store.demand(username, "no malware").malware = malware;
    },
    scansSettled: () => world.area(ScanWork).settled(),
    backUp: (username, database) =>
      dumpDatabase(world, username, database, "BACKUP_DESTINATION_LOCAL").id,
    damageBackup: (id) => world.area(BackupStore).damage(id),
    listen: (listener) => world.area(Listening).add(listener),
    unlisten: (username, port) => world.area(Listening).remove(username, port),
    proxyUrl: () => proxy.url(),
    browse: (address, init) => proxy.browse(address, init),
    failNextCreate: (failure = {}) => world.store.failNextCreate(failure),
    close,
    [Symbol.asyncDispose]: close,
  };
  worlds.set(daemon, world);
  if (shells !== undefined) insides.set(daemon, shells);
  return daemon;
}

/** Only now is the package for WebSockets loaded: it wants to read variables of the environment. */
async function openShells(
  options: ShellOptions,
  world: World,
  frontage: Frontage,
  answerer: Answerer,
  shared: Shells | undefined,
): Promise<Shells> {
  const { createUpgrader } = await import("./terminal_socket.ts");
  const shells = shared ?? new Shells(options, (username) => world.store.find(username));
  world.store.onChange(() => shells.follow());
  world.store.emptied = () => shells.emptied();
  world.zfs.disks = shells;
  world.onDelivery = (username) => shells.deliver(username);
  frontage.onUpgrade(
    createAdmitter(world, answerer, options.allowedOrigins),
    createUpgrader(shells),
  );
  return shells;
}

function withShells(shells: Shells | undefined): Shells {
  if (shells === undefined) throw new Error("This daemon was started without the option shell");
  return shells;
}

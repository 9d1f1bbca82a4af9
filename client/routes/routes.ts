import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { InFlightLimit } from "../async/in_flight.ts";
import { ContainariumError } from "../errors.ts";
import { afterWrite } from "../transport/after_write.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { readList, readListOf, readObject, readText } from "../wire.ts";
import { type AgreedRoute, isSameRoute, refuseOtherRoute } from "./agreed_route.ts";
import {
  type DomainProtocol,
  type DomainRoute,
  type NetworkRoute,
  type PortRoute,
  readDomainRoute,
  readPortRoute,
  type RouteAddress,
  type RouteTarget,
  wireProtocol,
} from "./network_route.ts";
import { collectionOf, exposure, fullName, refuseTakeover } from "./exposure.ts";
import {
  domainProblem,
  externalPortProblem,
  isPort,
  isSameRow,
  nameOf,
  routeAt,
  routePath,
} from "./route_address.ts";
import { missing, notCarriedOut, servedElsewhere, taken, withoutProxy } from "./route_errors.ts";

/** How to expose a port of a container. */
export interface ExposeOptions extends CallOptions {
  /**
   * What the proxy speaks for a domain.
   *
   * @default {"http"}
   */
  readonly protocol?: DomainProtocol | undefined;
  /** What it is for. Only ports show it. */
  readonly description?: string | undefined;
  /**
   * Takes the domain or port from this route; refuses if another has it by now.
   *
   * @default A route to another container or port is refused
   */
  readonly agreed?: AgreedRoute | undefined;
}

/** Result of an exposure. */
export interface ExposeResult {
  /** The route as the daemon lists it now. */
  readonly route: NetworkRoute;
  /** What was there before. Absent if nothing was. */
  readonly before?: NetworkRoute | undefined;
}

/** How to remove or switch a route. */
export interface RemoveRouteOptions extends CallOptions {
  /**
   * Changes only this; refuses if it leads elsewhere by now.
   *
   * @default The current route
   */
  readonly agreed?: AgreedRoute | undefined;
}

/** Result of a removal. */
export interface RemoveRouteResult {
  /** The route that was removed. Absent if there was none. */
  readonly route?: NetworkRoute | undefined;
}

/** Result of a switch. */
export interface SwitchRouteResult {
  /** The route as the daemon lists it now. */
  readonly route: NetworkRoute;
  /** False when it was so already. */
  readonly changed: boolean;
}

/**
 * Domains (`/v1/network/routes`) and ports of the host (`/v1/network/passthrough`) that lead to ports of
 * containers. Changes, ports and the base domain need the admin role; every token sees all domains.
 *
 * The daemon gives a domain or port to whoever asks last, without a word: `expose` looks first. Calls of one
 * client wait for each other; another client may still come in between.
 */
export class Routes {
  readonly #http: Http;
  readonly #daemonPort: number;
  readonly #turns = new InFlightLimit(1);

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param serverUrl The daemon's address
   */
  constructor(http: Http, serverUrl: URL) {
    this.#http = http;
    this.#daemonPort = Number(serverUrl.port || (serverUrl.protocol === "https:" ? 443 : 80));
  }

  /**
   * Lists the domains of all containers, the newest first; `GET /v1/network/routes`. The daemon shows every
   * tenant's to any token.
   *
   * @throws {ContainariumError} `unsupported` for a daemon that has no routes
   *
   * @example List them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const routes = [{ domain: "web", targetIp: "10.77.0.5", targetPort: 80 }];
   * await using daemon = await startDaemon({ routes });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const [web] = await client.routes.list();
   * assertEquals([web?.domain, web?.port], ["web.sim.test", 80]);
   * ```
   */
  async list(options: CallOptions = {}): Promise<readonly DomainRoute[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("network", "routes"), call);
    return readListOf(answer, "routes").map(readDomainRoute);
  }

  /**
   * Lists the ports of the host that lead to containers, by port; `GET /v1/network/passthrough`.
   *
   * @throws {ContainariumError} `permission_denied` without the admin role
   *
   * @example List them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.routes.listPorts(), []);
   * ```
   */
  async listPorts(options: CallOptions = {}): Promise<readonly PortRoute[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("network", "passthrough"), call);
    return readListOf(answer, "routes").map(readPortRoute);
  }

  /**
   * Finds the route at a domain or port.
   *
   * @returns `undefined` if there is none
   *
   * @example Who has the domain?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const containers = [{ username: "alice", ipAddress: "10.77.0.5" }];
   * const routes = [{ domain: "web", targetIp: "10.77.0.5", targetPort: 80 }];
   * await using daemon = await startDaemon({ containers, routes });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const route = await client.routes.find({ kind: "domain", domain: "web" });
   * assertEquals(route?.containerName, "alice-container");
   * ```
   */
  async find(at: RouteAddress, options: CallOptions = {}): Promise<NetworkRoute | undefined> {
    using call = new CallDeadline(options);
    return routeAt(await this.#routesLike(at, call), await this.#inFull(at, call));
  }

  /**
   * Lets a domain or port lead to a port of a container; `POST /v1/network/routes` or `…/passthrough`. The
   * same container and port again repairs a route whose address is no longer the container's, or that is
   * switched off.
   *
   * @throws {ContainariumError} `conflict` if it leads to another container or port; `invalid_argument` for
   * the base domain, an invalid domain or port, and a port that the host needs; `failed_precondition` if
   * another route is there than agreed to; `unsupported` for a daemon that has no routes
   *
   * @example Put an app on the internet
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { name: containerName, ipAddress = "" } = await client.containers.get("alice");
   * const { route } = await client.routes.expose(
   *   { kind: "domain", domain: "web" },
   *   { containerName, ipAddress, port: 3000 },
   * );
   * assertEquals(route.kind === "domain" && route.domain, "web.sim.test");
   * ```
   */
  async expose(
    at: RouteAddress,
    target: RouteTarget,
    options: ExposeOptions = {},
  ): Promise<ExposeResult> {
    using call = new CallDeadline(options);
    this.#requireExposable(at, target);
    return await this.#turns.run(async () => {
      const wanted = await this.#unreserved(at, call);
      const routes = await this.#routesLike(wanted.at, call);
      const before = routeAt(routes, wanted.at);
      if (before === undefined && wanted.isServed) throw servedElsewhere(wanted.at);
      refuseTakeover(before, wanted.at, target, options.agreed);
      // A domain in capitals is another row to the daemon.
      const place = before ?? wanted.at;
      const body = exposure(place, target, options);
      await this.#http.request("POST", collectionOf(place), { ...call, body });
      return { route: await this.#readBack(place, target, call), before };
    }, call.signal);
  }

  /**
   * Returns whether the daemon's proxy serves a domain by now; `GET /v1/network/dns-records`. It follows the
   * routes every 5 s. To which container it leads there is not shown, nor are domains with `tls_passthrough`.
   *
   * @throws {ContainariumError} `permission_denied` without the admin role
   *
   * @example Look whether it is served
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const routes = [{ domain: "web", targetIp: "10.77.0.5", targetPort: 80 }];
   * await using daemon = await startDaemon({ routes });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.routes.isServed("web"), true);
   * ```
   */
  async isServed(domain: string, options: CallOptions = {}): Promise<boolean> {
    using call = new CallDeadline(options);
    const { baseDomain, served } = await this.#names(call);
    return served.has(fullName(domain, baseDomain));
  }

  /**
   * Switches a route on or off; `PUT /v1/network/routes/{domain}` or `…/passthrough/{port}`.
   *
   * @throws {ContainariumError} `not_found` if there is none; `failed_precondition` if it leads elsewhere
   * than agreed to
   *
   * @example Switch a domain off
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const routes = [{ domain: "web", targetIp: "10.77.0.5", targetPort: 80 }];
   * await using daemon = await startDaemon({ routes });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { route } = await client.routes.setActive({ kind: "domain", domain: "web" }, false);
   * assertEquals(route.isActive, false);
   * ```
   */
  async setActive(
    at: RouteAddress,
    active: boolean,
    options: RemoveRouteOptions = {},
  ): Promise<SwitchRouteResult> {
    using call = new CallDeadline(options);
    return await this.#turns.run(async () => {
      const route = await this.find(at, call);
      if (route === undefined) throw missing(at);
      if (options.agreed !== undefined) {
        refuseOtherRoute(route, options.agreed, at, active ? "The return" : "The switch");
      }
      if (route.isActive === active) return { route, changed: false };
      const body = route.kind === "port"
        ? { active, protocol: wireProtocol(route.protocol) }
        : { active };
      await this.#http.request("PUT", routePath(route), { ...call, body });
      const what = `Switching the route at ${nameOf(at)}`;
      const now = await afterWrite(what, () => this.find(route, call));
      if (now?.isActive !== active) throw notCarriedOut(at);
      return { route: now, changed: true };
    }, call.signal);
  }

  /**
   * Removes a route; `DELETE /v1/network/routes/{domain}` or `…/passthrough/{port}`. If there is none,
   * nothing is sent.
   *
   * @throws {ContainariumError} `failed_precondition` if it leads elsewhere than agreed to;
   * `invalid_argument` for a domain that the daemon stores but cannot delete
   *
   * @example Remove a domain
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const routes = [{ domain: "web", targetIp: "10.77.0.5", targetPort: 80 }];
   * await using daemon = await startDaemon({ routes });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { route } = await client.routes.remove({ kind: "domain", domain: "web" });
   * assertEquals([route?.port, await client.routes.list()], [80, []]);
   * ```
   */
  async remove(at: RouteAddress, options: RemoveRouteOptions = {}): Promise<RemoveRouteResult> {
    using call = new CallDeadline(options);
    return await this.#turns.run(async () => {
      const route = await this.find(at, call);
      if (route === undefined) return {};
      if (options.agreed !== undefined) {
        refuseOtherRoute(route, options.agreed, at, "The removal");
      }
      const query = route.kind === "port" ? { protocol: wireProtocol(route.protocol) } : {};
      await this.#http.request("DELETE", routePath(route), { ...call, query });
      const what = `The removal of the route at ${nameOf(at)}`;
      const now = await afterWrite(what, () => this.find(route, call));
      // One that leads elsewhere was added since by another client.
      if (now !== undefined && isSameRow(now, route) && isSameRoute(now, route)) {
        throw notCarriedOut(at);
      }
      return { route };
    }, call.signal);
  }

  /** Refuses what would be stored, and never work or never go away. */
  #requireExposable(at: RouteAddress, { ipAddress, port }: RouteTarget): void {
    const problem = at.kind === "domain"
      ? domainProblem(at.domain)
      : externalPortProblem(at.externalPort, at.protocol, this.#daemonPort);
    if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
    if (!isPort(port)) {
      throw new ContainariumError("invalid_argument", `${port} is not a port: 1 to 65535`);
    }
    if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(ipAddress)) return;
    throw new ContainariumError(
      "invalid_argument",
      `${JSON.stringify(ipAddress)} is not an IPv4 address`,
    );
  }

  /** Returns the address in full, and whether the proxy serves it already. Refuses the base domain. */
  async #unreserved(
    at: RouteAddress,
    call: CallOptions,
  ): Promise<{ readonly at: RouteAddress; readonly isServed: boolean }> {
    if (at.kind === "port") return { at, isServed: false };
    const { baseDomain, served } = await this.#names(call);
    if (baseDomain === "") throw withoutProxy();
    const domain = fullName(at.domain, baseDomain);
    // The base domain is text from outside, and becomes part of a URL.
    const problem = domainProblem(domain);
    if (problem !== undefined) {
      throw new ContainariumError("internal", problem, { reason: "unexpected_response" });
    }
    if (domain === baseDomain.toLowerCase()) {
      throw new ContainariumError(
        "invalid_argument",
        `${domain} is the base domain, at which the daemon itself is reached`,
      );
    }
    return { at: { kind: "domain", domain }, isServed: served.has(domain) };
  }

  async #inFull(at: RouteAddress, call: CallOptions): Promise<RouteAddress> {
    if (at.kind === "port" || at.domain.includes(".")) return at;
    const { baseDomain } = await this.#names(call);
    return { kind: "domain", domain: fullName(at.domain, baseDomain) };
  }

  async #names(
    call: CallOptions,
  ): Promise<{ readonly baseDomain: string; readonly served: ReadonlySet<string> }> {
    const answer = await this.#http.request("GET", new ApiPath("network", "dns-records"), call);
    const served = readList(answer.records, "records")
      .map((record) => (readText(readObject(record, "record").data) ?? "").toLowerCase());
    return { baseDomain: readText(answer.baseDomain) ?? "", served: new Set(served) };
  }

  #routesLike(at: RouteAddress, call: CallOptions): Promise<readonly NetworkRoute[]> {
    return at.kind === "domain" ? this.list(call) : this.listPorts(call);
  }

  /** The daemon answers success whatever became of it. */
  async #readBack(
    at: RouteAddress,
    { ipAddress, port }: RouteTarget,
    call: CallOptions,
  ): Promise<NetworkRoute> {
    const what = `The route at ${nameOf(at)}`;
    const route = routeAt(await afterWrite(what, () => this.#routesLike(at, call)), at);
    if (route === undefined) throw notCarriedOut(at);
    if (route.ipAddress === ipAddress && route.port === port) return route;
    throw taken(route, at, "was taken over by another client right after it was exposed");
  }
}

import { Agents, Crews } from "./agents/mod.ts";
import { AuditLog, KeyService, MetricsExport, Revocations } from "./administration/mod.ts";
import { Alerts } from "./alerts/mod.ts";
import { Api } from "./api/api.ts";
import { Recipes, Stacks } from "./catalog/mod.ts";
import { Backends } from "./backends/backends.ts";
import { Backups } from "./backups/backups.ts";
import { AccessRules } from "./access_rules/access_rules.ts";
import { Collaborators } from "./collaborators/collaborators.ts";
import { Containers } from "./containers/containers.ts";
import { MAX_TIMER_MS } from "./async/delay.ts";
import { ContainariumError } from "./errors.ts";
import { Events, type EventTimes } from "./events/mod.ts";
import { FileTransfers } from "./files/file_transfers.ts";
import { Http, type HttpOptions } from "./transport/http.ts";
import { Leftovers } from "./leftovers/leftovers.ts";
import { type Logger, silent } from "./text/log.ts";
import { Metrics } from "./containers/metrics.ts";
import { NetworkPolicies } from "./network_policies/network_policies.ts";
import { parseServerUrl } from "./auth/server_url.ts";
import { Security } from "./security/security.ts";
import { Secrets } from "./secrets/secrets.ts";
import { SecretValues } from "./text/secret_values.ts";
import { Snapshots } from "./snapshots/snapshots.ts";
import { SshKeys } from "./ssh_keys/ssh_keys.ts";
import { System } from "./backends/system.ts";
import type { ContainerTerminal } from "./terminal/terminal.ts";
import { Terminals } from "./terminal/terminals.ts";
import { refuseNoCertificate } from "./transport/certificates.ts";
import { Routes } from "./routes/routes.ts";
import { readRoute, type Route } from "./transport/http_proxy.ts";
import type { TokenOption } from "./auth/token.ts";
import type { TokenClaims } from "./auth/token_claims.ts";
import { TokenStore } from "./auth/token_store.ts";

/** Options of the client. */
export interface ClientOptions {
  /** The daemon's address: `http://localhost:8080`; a path prefix is kept. */
  readonly serverUrl: string | URL;
  /**
   * The token, as `containarium token generate` prints it, or its file. One from `credentials.json`
   * goes only to the address that it is saved for.
   */
  readonly token: TokenOption;
  /**
   * PEM certificates to trust besides the system's: of another CA, or the daemon's own.
   *
   * @default {[]}
   */
  readonly caCerts?: readonly string[] | undefined;
  /**
   * The URL of the proxy that the environment names for this address, or `none`: that is how `fetch`
   * goes, by itself. The client does not read the environment, and terminals have to go the same way.
   *
   * If it is absent, they do so by the runtime's own WebSocket where need be (over http to another
   * machine; over https where the direct way fails), and a message that a daemon sends there is in
   * memory as a whole, whatever its size, before the terminal is ended for it. The same applies to a
   * SOCKS proxy, and over https to a proxy whose own URL is https.
   *
   * @default It is not known
   */
  readonly environmentProxy?: string | undefined;
  /**
   * Milliseconds from sending a request to the response headers; `Infinity` for no limit. A stop may
   * take 30 s, a delete longer.
   *
   * @default {120_000}
   */
  readonly headersTimeoutMs?: number | undefined;
  /**
   * Milliseconds for a request with its response; `Infinity` for no limit.
   *
   * @default {150_000}
   */
  readonly totalTimeoutMs?: number | undefined;
  /**
   * Maximum requests in flight. At most 8 of them are writes, for which the host is the bottleneck.
   *
   * @default {64}
   */
  readonly maxInFlight?: number | undefined;
  /**
   * Number of retries of a read after a lost connection or a 502, 503 or 504; 0 for none. A write
   * is never retried.
   *
   * @default {2}
   */
  readonly maxRetries?: number | undefined;
  /**
   * Maximum size of a response, in bytes.
   *
   * @default {33_554_432}
   */
  readonly maxAnswerBytes?: number | undefined;
  /**
   * `Origin` header for terminals: the daemon accepts only those in its own setting
   * `CONTAINARIUM_ALLOWED_ORIGINS`.
   *
   * @default {"http://localhost:3000"}
   */
  readonly terminalOrigin?: string | undefined;
  /**
   * How long a lost stream of events waits before it is opened again, and the like.
   *
   * @default {{ firstRetryMs: 1_000, maxRetryMs: 60_000, unsupportedRetryMs: 600_000, silenceMs: 45_000 }}
   */
  readonly eventTimes?: Partial<EventTimes> | undefined;
  /**
   * Called with log lines, in which the token and the values of secrets are redacted.
   *
   * @default Nothing is logged
   */
  readonly log?: Logger | undefined;
}

/**
 * A client of the Containarium daemon's REST API. Reads are retried after a lost connection; a
 * write is sent exactly once.
 *
 * @example Read one container
 * ```ts
 * import { assert } from "@std/assert";
 * import { ContainariumClient } from "@containarium/mcp-server";
 *
 * // Stands in for a daemon.
 * const answer = { container: { username: "alice", state: "CONTAINER_STATE_STOPPED" } };
 * await using daemon = Deno.serve(
 *   { hostname: "localhost", port: 0, onListen: () => {} },
 *   () => Response.json(answer),
 * );
 *
 * const serverUrl = `http://localhost:${daemon.addr.port}`;
 * using client = new ContainariumClient({ serverUrl, token: "ctnr_example" });
 * const { state } = await client.containers.get("alice");
 * assert(state === "stopped");
 * ```
 */
export class ContainariumClient implements Disposable {
  /** The containers. */
  readonly containers: Containers;
  /** Resource use of containers. */
  readonly metrics: Metrics;
  /** Snapshots of containers' disks. */
  readonly snapshots: Snapshots;
  /** Secrets of containers: passwords, keys of services. */
  readonly secrets: Secrets;
  /** Backups of databases in containers. */
  readonly backups: Backups;
  /** Scans of containers for malware and vulnerabilities. */
  readonly security: Security;
  /** SSH keys of containers. */
  readonly sshKeys: SshKeys;
  /** Files of containers. */
  readonly files: FileTransfers;
  /** Domains and ports of the host that lead to containers. */
  readonly routes: Routes;
  /** Accounts of others in containers. */
  readonly collaborators: Collaborators;
  /** What tenants' containers may reach. */
  readonly networkPolicies: NetworkPolicies;
  /** Who may reach containers. */
  readonly accessRules: AccessRules;
  /** What the daemon keeps of deleted containers. */
  readonly leftovers: Leftovers;
  /** Applications, each in a container of its own. */
  readonly recipes: Recipes;
  /** Software to install in containers. */
  readonly stacks: Stacks;
  /** Agents in containers of their own. */
  readonly agents: Agents;
  /** Agents that hand a task on. */
  readonly crews: Crews;
  /** The host. */
  readonly system: System;
  /** The hosts, if there are several. */
  readonly backends: Backends;
  /** Who called what. */
  readonly auditLog: AuditLog;
  /** Tokens that the daemon does not accept any more. */
  readonly revocations: Revocations;
  /** What protects the keys of secrets. */
  readonly keyService: KeyService;
  /** The export of metrics to a cloud. */
  readonly metricsExport: MetricsExport;
  /** Alerts on metrics. */
  readonly alerts: Alerts;
  /** Any endpoint, for what has no method of its own. */
  readonly api: Api;
  /** What happens to containers. */
  readonly events: Events;
  readonly #http: Http;
  readonly #terminals: Terminals;
  readonly #token: TokenStore;
  readonly #values = new SecretValues();

  /**
   * Creates a client without sending anything.
   *
   * @param options Address, token and limits
   * @throws {ContainariumError} `invalid_argument` for an invalid address, token, certificate,
   * proxy or number
   */
  constructor(options: ClientOptions) {
    const log = options.log ?? silent;
    const { serverUrl, token, caCerts, route, limits } = readOptions(options);
    this.#token = token;
    const redacted: Logger = (level, message) => log(level, this.redact(message));
    this.#http = new Http({
      serverUrl,
      token,
      redact: (text) => this.redact(text),
      caCerts,
      ...limits,
      log: redacted,
      onWrite: (method, path) => this.#terminals.follow(method, path),
    });
    this.containers = new Containers(this.#http);
    this.metrics = new Metrics(this.#http);
    this.snapshots = new Snapshots(this.#http, this.containers);
    this.secrets = new Secrets(this.#http, this.containers, this.#values);
    this.backups = new Backups(this.#http, this.containers, this.secrets);
    this.#terminals = new Terminals({
      serverUrl,
      token: this.#token,
      containers: this.containers,
      caCerts: options.caCerts ?? [],
      route,
      origin: options.terminalOrigin ?? "http://localhost:3000",
      log: redacted,
    });
    this.sshKeys = new SshKeys(this.#http, this.#terminals);
    this.files = new FileTransfers(this.#terminals);
    this.routes = new Routes(this.#http, serverUrl);
    this.collaborators = new Collaborators(this.#http, this.containers);
    this.security = new Security(
      this.#http,
      this.containers,
      this.routes,
      () => this.tokenClaims(),
    );
    this.networkPolicies = new NetworkPolicies(this.#http);
    this.accessRules = new AccessRules(this.#http);
    this.leftovers = new Leftovers(this);
    this.recipes = new Recipes(this.#http, this.containers);
    this.stacks = new Stacks(this.#http, this.containers);
    this.agents = new Agents(this.#http);
    this.crews = new Crews(this.#http);
    this.system = new System(this.#http);
    this.backends = new Backends(this.#http, this.system, this.containers);
    this.auditLog = new AuditLog(this.#http);
    this.revocations = new Revocations(this.#http, token);
    this.keyService = new KeyService(this.#http);
    this.metricsExport = new MetricsExport(this.#http);
    this.alerts = new Alerts(this.#http);
    this.api = new Api(this.#http);
    this.events = new Events(this.#http, redacted, options.eventTimes);
  }

  /**
   * Returns the claims of the current token, unverified; `undefined` if it is not a JWT.
   *
   * @throws {ContainariumError} `unauthenticated` if the token's file cannot be used
   */
  async tokenClaims(): Promise<TokenClaims | undefined> {
    return (await this.#token.current()).claims;
  }

  /**
   * Runs commands and shells in a running container, as its user; `GET …/{username}/terminal`, a
   * WebSocket.
   */
  terminal(username: string): ContainerTerminal {
    return this.#terminals.of(username);
  }

  /**
   * Returns `text` for a log or an error: the token is replaced, and so is each value of a secret, of 8
   * characters or more, that this client has set or got.
   */
  redact(text: string): string {
    return this.#values.redact(this.redactToken(text));
  }

  /** Takes a value out of this client's logs and errors from now on, unless it has fewer than 8 characters. */
  keepSecret(value: string): void {
    this.#values.remember(value);
  }

  /** Returns `text` with the token replaced, if it contains it. */
  redactToken(text: string): string {
    return this.#token.redact(text);
  }

  /**
   * Ends this client's commands and shells and closes their terminals. Waits for at most 0.8 s:
   * what does not confirm exits by itself within 30 s.
   */
  async closeTerminals(): Promise<void> {
    await this.#terminals.close();
  }

  /**
   * Closes idle connections and abandons terminals, which `closeTerminals` ends. Requests in progress finish,
   * and no connection is kept from then on.
   */
  [Symbol.dispose](): void {
    this.events[Symbol.dispose]();
    this.recipes[Symbol.dispose]();
    this.stacks[Symbol.dispose]();
    this.agents[Symbol.dispose]();
    this.crews[Symbol.dispose]();
    this.backends[Symbol.dispose]();
    this.backups[Symbol.dispose]();
    this.security[Symbol.dispose]();
    this.#terminals[Symbol.dispose]();
    this.#http[Symbol.dispose]();
  }
}

type Limits = Pick<
  HttpOptions,
  "headersTimeoutMs" | "totalTimeoutMs" | "maxInFlight" | "maxRetries" | "maxAnswerBytes"
>;

/** Options that have been checked. */
interface CheckedOptions {
  readonly serverUrl: URL;
  readonly token: TokenStore;
  readonly caCerts: readonly string[];
  readonly route: Route;
  readonly limits: Limits;
}

/**
 * Checks everything in the options that can be wrong.
 *
 * @throws {ContainariumError} `invalid_argument`, as the client's constructor
 */
export function readOptions(options: ClientOptions): CheckedOptions {
  const { caCerts = [] } = options;
  const serverUrl = parseServerUrl(options.serverUrl);
  refuseNoCertificate(caCerts);
  return {
    serverUrl,
    token: new TokenStore(options.token, serverUrl),
    caCerts,
    route: readRoute(options.environmentProxy, serverUrl),
    limits: readLimits(options),
  };
}

function readLimits(options: ClientOptions): Limits {
  const { headersTimeoutMs = 120_000, totalTimeoutMs = 150_000 } = options;
  const { maxInFlight = 64, maxRetries = 2, maxAnswerBytes = 32 * 1024 * 1024 } = options;
  for (const [name, value] of Object.entries({ headersTimeoutMs, totalTimeoutMs })) {
    if (!(value > 0)) throw impossible(name, value);
  }
  for (const [name, value] of Object.entries({ maxInFlight, maxAnswerBytes })) {
    if (!(value >= 1)) throw impossible(name, value);
  }
  if (!Number.isInteger(maxRetries) || maxRetries < 0) throw impossible("maxRetries", maxRetries);
  return {
    headersTimeoutMs: Math.min(headersTimeoutMs, MAX_TIMER_MS),
    totalTimeoutMs: Math.min(totalTimeoutMs, MAX_TIMER_MS),
    maxInFlight,
    maxRetries,
    maxAnswerBytes,
  };
}

function impossible(name: string, value: number): ContainariumError {
  return new ContainariumError("invalid_argument", `${name} cannot be ${value}`);
}

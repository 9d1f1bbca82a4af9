/** What the simulated host has beside Incus, and what answers inside its containers. @module */

/** The options of a daemon that are about what it works with: what it lacks, it says as the real one does. */
export interface ServiceOptions {
  /** Without it there are no routes, secrets, apps, tokens, scans, policies and clusters. @default {true} */
  readonly postgres?: boolean;
  /** The domain that short names of routes get; `null`: there is no Caddy. @default {"sim.test"} */
  readonly baseDomain?: string | null;
  /** Without it there are no secrets and no apps. @default {true} */
  readonly appHosting?: boolean;
  /** The routes there are, oldest first. */
  readonly routes?: readonly RouteSeed[];
  /** The daemon's own containers: monitoring, alerts and scans need them. @default {none} */
  readonly coreServices?: readonly CoreService[];
  /** The newest release on GitHub, as in `0.68.0`; `null`: it cannot be reached. @default {null} */
  readonly latestRelease?: string | null;
  /** The containers in which PostgreSQL runs; in others its programs are not installed. */
  readonly postgresBoxes?: readonly PostgresSeed[];
  /** What the ids of backups are made of. @default {Date.now} */
  readonly clock?: () => number;
  /** The lines of the audit log, oldest first. */
  readonly auditLog?: readonly AuditSeed[];
  /** What is answered where alerts are sent to; other addresses refuse the connection. */
  readonly webhooks?: Readonly<Record<string, WebhookAnswer>>;
  /** What encrypts secrets. @default {"none"} */
  readonly kms?: "none" | "inproc";
  /** The secrets there are. */
  readonly secrets?: readonly SecretSeed[];
  /** Clusters may have containers for nodes; the host cannot run virtual machines. @default {false} */
  readonly containerNodes?: boolean;
  /** The Git repositories that containers can reach, each with its refs. @default {none} */
  readonly gitRepositories?: Readonly<Record<string, readonly string[]>>;
  /** The connections there are. */
  readonly connections?: readonly ConnectionSeed[];
  /** Containers have podman, without which no app is built. @default {true} */
  readonly podman?: boolean;
  /** Ports of TCP passthrough rules really listen on 127.0.0.1, while their target does. @default {false} */
  readonly forwardsPorts?: boolean;
  /** What listens inside containers from the start. */
  readonly listeners?: readonly Listener[];
}

/** One of the daemon's own containers. */
export type CoreService = "otelcollector" | "security" | "victoriametrics";

/** PostgreSQL inside a container. */
export interface PostgresSeed {
  /** Whose container. */
  readonly username: string;
  /** Who may log in. */
  readonly user: string;
  /** With what. */
  readonly password: string;
  /** How many relations each database has. */
  readonly databases: Readonly<Record<string, number>>;
}

/** A line of the audit log; what is left out is empty. */
export interface AuditSeed {
  /** @default {now} */
  readonly timestamp?: string;
  /** Whose token it was. */
  readonly username?: string;
  /** As in `api_post`. */
  readonly action: string;
  /** @default {"api"} */
  readonly resourceType?: string;
  /** As in `POST /v1/containers`. */
  readonly resourceId?: string;
  /** Words about it. */
  readonly detail?: string;
  /** Where the call came from. */
  readonly sourceIp?: string;
  /** What was answered. */
  readonly statusCode?: number;
}

/** What a webhook answers. */
export interface WebhookAnswer {
  /** The status. */
  readonly status: number;
  /** The body. */
  readonly text: string;
}

/** A connection of a container. */
export interface ConnectionSeed {
  /** Whose container. */
  readonly username: string;
  /** As in `PROTOCOL_TCP`. */
  readonly protocol: string;
  /** Who opened it. */
  readonly sourceIp: string;
  /** From where. */
  readonly sourcePort: number;
  /** To whom. */
  readonly destIp: string;
  /** Where. */
  readonly destPort: number;
  /** As in `TRAFFIC_DIRECTION_INGRESS`. */
  readonly direction: string;
  /** @default {0} */
  readonly bytesSent?: number;
  /** @default {0} */
  readonly bytesReceived?: number;
}

/** A route that is there from the start. */
export interface RouteSeed {
  /** The domain; a name without a dot gets the base domain. */
  readonly domain: string;
  /** The address that it leads to. */
  readonly targetIp: string;
  /** The port that it leads to. */
  readonly targetPort: number;
  /** @default {that of the container with the address} */
  readonly containerName?: string;
  /** @default {"ROUTE_PROTOCOL_HTTP"} */
  readonly protocol?: string;
}

/** How a secret gets into its container. */
export type SecretDelivery = "env" | "file" | "compose";

/** A secret that is there from the start; its container need not be. */
export interface SecretSeed {
  /** Whose. */
  readonly username: string;
  /** What it is called, as in `API_KEY`. */
  readonly name: string;
  /** What nobody is to see. */
  readonly value: string;
  /** @default {"env"} */
  readonly delivery?: SecretDelivery;
  /** From before there was a KMS. @default {false} */
  readonly legacy?: boolean;
}

/** What secrets left inside a container. */
export interface Delivered {
  /** The variables of what Incus starts in it. A terminal is a `su -`, which clears them. */
  readonly env: Readonly<Record<string, string>>;
  /** What is in the files of `/run/secrets`. */
  readonly files: Readonly<Record<string, string>>;
  /** What is in `/run/containarium/secrets.env`. */
  readonly compose: Readonly<Record<string, string>>;
}

/** Something that answers HTTP inside a container. */
export interface Listener {
  /** Whose container. */
  readonly username: string;
  /** The port that it listens on. */
  readonly port: number;
  /** @default {200 with the text "<username>:<port>"} */
  readonly answer?: (request: Request) => Response | Promise<Response>;
}

/** What is inside containers, and the proxy in front of them. */
export interface Listeners {
  /** What secrets left inside that container: a delete or a change of the delivery takes nothing back. */
  delivered(username: string): Delivered;
  /** Backs a database up, as somebody else may do, and gives the backup's id. */
  backUp(username: string, database: string): string;
  /** Changes a byte of a backup's archive. */
  damageBackup(id: string): void;
  /** Lets something listen inside a container, in place of what was there on that port. */
  listen(listener: Listener): void;
  /** Ends what listens there. */
  unlisten(username: string, port: number): void;
  /**
   * Where the proxy listens, as in `http://127.0.0.1:PORT`; started when first asked for. A request's `Host` decides
   * which route it takes. A domain without a route is reset, as its TLS would be; a container that does not run, has
   * another address by now, or has nothing on that port is a 502.
   */
  proxyUrl(): Promise<string>;
  /** Fetches a URL such as `https://web.sim.test/` as who has the domain's DNS lead to the proxy. */
  browse(url: string | URL, init?: RequestInit): Promise<Response>;
}

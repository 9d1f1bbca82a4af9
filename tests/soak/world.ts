/** The daemon of a soak, the files of its servers, and what looks at it from outside. @module */
import type { ContainariumClient } from "../../client/mod.ts";
import { clientOf } from "../client/connect.ts";
import {
  type Daemon,
  type DaemonOptions,
  type RecordedRequest,
  startDaemon,
  whyNoPty,
} from "../daemon/mod.ts";
import { makeTempFolder } from "../temp.ts";

/** What is true of a container. */
export interface Facts {
  /** `running`, `stopped` …; undefined: there is none. */
  readonly state: string | undefined;
  /** Cores. */
  readonly cpu?: string | undefined;
  /** The label `note`. */
  readonly note?: string | undefined;
  /** The label `team`; a creation that was cut has none. */
  readonly team?: string | undefined;
  /** Hours until it is deleted. */
  readonly ttlHours?: number | undefined;
  /** Names of snapshots, oldest first. */
  readonly snapshots?: readonly string[];
}

/** The most that a team may have. */
export const quota = { cpu: 6, containers: 3, snapshots: 5 } as const;

/** Of those that are replaced every 2 s, as many as a call on a busy machine may outlast. */
const TOKENS_IN_USE = 10;

/** Everything outside of the servers. */
export class World implements AsyncDisposable {
  /** Whether containers have terminals. */
  readonly hasTerminals: boolean;
  /** Where redirects lead. */
  readonly trap: string;
  /** The token file, and the policy. */
  readonly files: { readonly token: string; readonly policy: string; readonly folder: string };
  /** Nothing of this may be seen anywhere. */
  readonly secrets: string[] = [];
  /** Requests that followed a redirect. */
  readonly trapped: readonly string[];
  readonly #options: DaemonOptions;
  readonly #witness: ContainariumClient;
  readonly #stack: AsyncDisposableStack;
  readonly #met = new Map<string, number>();
  /** What those daemons read that were there before. */
  readonly #past: RecordedRequest[] = [];
  #daemon: Daemon;
  #restart: Promise<void> | undefined;
  readonly #restarts = { begun: 0, over: 0 };
  #tokens = 0;

  private constructor(
    parts: Pick<World, "daemon" | "hasTerminals" | "trap" | "trapped" | "files">,
    options: DaemonOptions,
    witness: ContainariumClient,
    stack: AsyncDisposableStack,
  ) {
    this.#daemon = parts.daemon;
    this.hasTerminals = parts.hasTerminals;
    this.trap = parts.trap;
    this.trapped = parts.trapped;
    this.files = parts.files;
    this.#options = options;
    this.#witness = witness;
    this.#stack = stack;
    this.#stack.defer(() => this.#daemon.close());
    this.secrets.push(this.#daemon.jwtSecret);
  }

  /** What the servers talk to. */
  get daemon(): Daemon {
    return this.#daemon;
  }

  /** What went wrong, and how often. */
  get faults(): ReadonlyMap<string, number> {
    const all = new Map(this.#met);
    addTo(all, this.#daemon.faultsMet);
    return all;
  }

  /** Counts what went wrong beside requests. */
  meet(kind: string): void {
    addTo(this.#met, new Map([[kind, 1]]));
  }

  /** The requests that daemons read, but for so many of the first. */
  requestsFrom(at: number): readonly RecordedRequest[] {
    return [
      ...this.#past.slice(at),
      ...this.#daemon.requests.slice(Math.max(0, at - this.#past.length)),
    ];
  }

  /** How many requests daemons read. */
  get requestCount(): number {
    return this.#past.length + this.#daemon.requests.length;
  }

  /** Starts it, for teams of these names. */
  static async start(teams: readonly string[]): Promise<World> {
    await using stack = new AsyncDisposableStack();
    const hasTerminals = await whyNoPty() === undefined;
    const { path: folder } = stack.use(await makeTempFolder());
    const host: DaemonOptions = {
      zfs: true,
      cpus: 64,
      // A terminal whose connection is lost ends by itself: here sooner.
      ...(hasTerminals ? { shell: { silenceSeconds: 5 } } : {}),
    };
    // Another daemon on the same Incus has no faults, and its requests are counted elsewhere.
    const neighbor = stack.use(await startDaemon(host));
    const options: DaemonOptions = { ...host, sharesIncusWith: neighbor };
    const daemon = await startDaemon(options);
    const witness = stack.use(await clientOf(neighbor));
    const trapped: string[] = [];
    const anywhere = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
    const trap = Deno.serve(anywhere, ({ url }) => {
      trapped.push(url);
      return Response.json({});
    });
    stack.defer(() => trap.shutdown());
    const files = { token: `${folder}/token`, policy: `${folder}/policy.json`, folder };
    const quotas = Object.fromEntries(teams.map((team) => [team, quota]));
    await Deno.writeTextFile(files.policy, JSON.stringify({ quotas: { teams: quotas } }));
    const address = `http://127.0.0.1:${trap.addr.port}`;
    const parts = { daemon, hasTerminals, trap: address, trapped, files };
    const world = new World(parts, options, witness, stack.move());
    await world.rotateToken();
    return world;
  }

  /** Ends the daemon, and starts it anew at the same address: containers stay, and what runs in them. */
  async restart(): Promise<void> {
    this.#restart ??= this.#replace().finally(() => this.#restart = undefined);
    await this.#restart;
  }

  async #replace(): Promise<void> {
    this.#restarts.begun += 1;
    const old = this.#daemon;
    const port = Number(new URL(old.url).port);
    await old.close();
    this.#past.push(...old.requests);
    addTo(this.#met, old.faultsMet);
    this.#daemon = await startDaemon({
      ...this.#options,
      port,
      hostAccounts: old.hostAccounts,
    });
    this.#restarts.over += 1;
    this.meet("daemon restarted in mid-create");
  }

  /** Returns what says later whether the daemon was away in the meantime. */
  watchRestarts(): () => boolean {
    const { over } = this.#restarts;
    return () => this.#restarts.begun > over;
  }

  /** Cuts every stream of events. */
  cutEventStreams(): void {
    if (this.#daemon.eventStreams > 0) this.meet("event stream cut");
    this.#daemon.dropEventStreams();
  }

  /** Resets the connections of a container's terminals. */
  dropTerminals(username: string): void {
    if (this.#daemon.terminals(username) > 0) this.meet("terminal dropped");
    this.#daemon.dropTerminals(username);
  }

  /** Replaces the token in its file, and revokes an older one, which no call in flight has any more. */
  async rotateToken(): Promise<void> {
    await this.#restart;
    this.#tokens += 1;
    if (this.#tokens > 1) this.meet("token replaced");
    const token = await this.daemon.token({ jti: `soak-${this.#tokens}` });
    this.secrets.push(token);
    await Deno.writeTextFile(`${this.files.token}.new`, token, { mode: 0o600 });
    await Deno.rename(`${this.files.token}.new`, this.files.token);
    if (this.#tokens > TOKENS_IN_USE) await this.#revoke(`soak-${this.#tokens - TOKENS_IN_USE}`);
  }

  async #revoke(jti: string): Promise<void> {
    const wasAway = this.watchRestarts();
    const { daemon } = this;
    try {
      const answer = await fetch(`${daemon.url}/v1/tokens/revoke`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${await daemon.token()}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ jti }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`The token is not revoked: ${text}`);
      this.meet("token revoked");
    } catch (error) {
      if (!wasAway()) throw error;
    }
  }

  /** What is true of a container, once nothing is being created. */
  async observe(username: string): Promise<Facts> {
    const deadline = performance.now() + 5_000;
    while (/CREATING|PROVISIONING/.test(this.daemon.state(username) ?? "")) {
      if (performance.now() > deadline) throw new Error(`${username} is being created for ever`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const found = await this.#witness.containers.find(username);
    if (found === undefined) return { state: undefined };
    return {
      state: found.state,
      cpu: found.cpu,
      note: found.labels.note,
      team: found.labels.team,
      ttlHours: hoursUntil(found.ttlExpiresAt),
      snapshots: this.daemon.snapshots(username),
    };
  }

  /** What a team has. */
  async usage(team: string): Promise<{ readonly cpu: number; readonly containers: number }> {
    const all = await this.#witness.containers.list({ labels: { team } });
    return {
      cpu: all.reduce((sum, { cpu }) => sum + Number(cpu ?? 0), 0),
      containers: all.length,
    };
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function hoursUntil(time: Date | undefined): number | undefined {
  return time === undefined ? undefined : Math.round((time.getTime() - Date.now()) / 3_600_000);
}

function addTo(all: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [kind, count] of more) all.set(kind, (all.get(kind) ?? 0) + count);
}

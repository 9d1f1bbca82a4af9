/** The daemon of a soak, the files of its servers, and what looks at it from outside. @module */
import type { ContainariumClient } from "../../client/mod.ts";
import { clientOf } from "../client/connect.ts";
import { type Daemon, startDaemon, whyNoPty } from "../daemon/mod.ts";
import { makeTempFolder } from "../temp.ts";

/** What is true of a container. */
export interface Facts {
  /** `running`, `stopped` …; undefined: there is none. */
  readonly state: string | undefined;
  /** Cores. */
  readonly cpu?: string | undefined;
  /** The label `note`. */
  readonly note?: string | undefined;
  /** Names of snapshots, oldest first. */
  readonly snapshots?: readonly string[];
}

/** The most that a team may have. */
export const quota = { cpu: 6, containers: 3, snapshots: 5 } as const;

/** Everything outside of the servers. */
export class World implements AsyncDisposable {
  /** What the servers talk to. */
  readonly daemon: Daemon;
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
  readonly #witness: ContainariumClient;
  readonly #stack: AsyncDisposableStack;
  #tokens = 0;

  private constructor(
    parts: Pick<World, "daemon" | "hasTerminals" | "trap" | "trapped" | "files">,
    witness: ContainariumClient,
    stack: AsyncDisposableStack,
  ) {
    this.daemon = parts.daemon;
    this.hasTerminals = parts.hasTerminals;
    this.trap = parts.trap;
    this.trapped = parts.trapped;
    this.files = parts.files;
    this.#witness = witness;
    this.#stack = stack;
  }

  /** Starts it, for teams of these names. */
  static async start(teams: readonly string[]): Promise<World> {
    await using stack = new AsyncDisposableStack();
    const hasTerminals = await whyNoPty() === undefined;
    const { path: folder } = stack.use(await makeTempFolder());
    const daemon = stack.use(
      await startDaemon({
        zfs: true,
        cpus: 64,
        // A terminal whose connection is lost ends by itself: here sooner.
        ...(hasTerminals ? { shell: { silenceSeconds: 2 } } : {}),
      }),
    );
    // Another daemon on the same Incus has no faults, and its requests are counted elsewhere.
    const neighbor = stack.use(await startDaemon({ sharesIncusWith: daemon }));
    const witness = stack.use(await clientOf(neighbor));
    const trapped: string[] = [];
    const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
    const trap = Deno.serve(options, ({ url }) => {
      trapped.push(url);
      return Response.json({});
    });
    stack.defer(() => trap.shutdown());
    const files = { token: `${folder}/token`, policy: `${folder}/policy.json`, folder };
    const quotas = Object.fromEntries(teams.map((team) => [team, quota]));
    await Deno.writeTextFile(files.policy, JSON.stringify({ quotas: { teams: quotas } }));
    const address = `http://127.0.0.1:${trap.addr.port}`;
    const parts = { daemon, hasTerminals, trap: address, trapped, files };
    const world = new World(parts, witness, stack.move());
    await world.rotateToken();
    return world;
  }

  /** Replaces the token in its file, and revokes the one before the last: calls in flight have the last. */
  async rotateToken(): Promise<void> {
    this.#tokens += 1;
    const token = await this.daemon.token({ jti: `soak-${this.#tokens}` });
    this.secrets.push(token);
    await Deno.writeTextFile(`${this.files.token}.new`, token, { mode: 0o600 });
    await Deno.rename(`${this.files.token}.new`, this.files.token);
    if (this.#tokens < 3) return;
    const answer = await fetch(`${this.daemon.url}/v1/tokens/revoke`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ jti: `soak-${this.#tokens - 2}` }),
    });
    if (!answer.ok) throw new Error(`The token is not revoked: ${await answer.text()}`);
    await answer.body?.cancel();
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

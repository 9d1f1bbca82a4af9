/** Plays recorded exchanges against a simulator, in steps that are known before they run. @module */

import { askUpgrade } from "./ask_upgrade.ts";
import { type Answer, differences } from "./compare.ts";
import type { Daemon, DaemonOptions } from "./mod.ts";
import { startDaemon } from "./mod.ts";
import { type Exchange, type Recording, wire } from "./recordings.ts";

/** One step of a scenario, with the exchanges that it replays. */
export interface Step {
  readonly names: readonly string[];
  run(stage: Stage): Promise<void>;
}

/** UUIDs, and the ids of traces. */
const ids = /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\b/g;

/** Fields of some paths that only count by kind. */
const compared: readonly (readonly [string, readonly string[]])[] = [
  // How many lines there are depends on all that was called before.
  ["/v1/audit/logs", ["totalCount", "id"]],
  // What counts as a target is not known in detail; the numbers count all findings ever.
  ["/v1/pentest/scans", ["targetsCount", "completedCount", "mediumCount", "duration"]],
  ["/v1/zap/scans", ["targetsCount", "completedCount", "duration"]],
  ["/v1/pentest/findings", ["id"]],
  ["/v1/containers/rec1-container/connections", ["id"]],
  ["/v1/capacity/headroom", ["spareMemoryBytes", "spareDiskBytes", "idleFraction"]],
  ["/v1/backends", ["spareMemoryBytes", "spareDiskBytes", "cpuOpsPerSec", "memBytesPerSec"]],
  ["/v1/capabilities/profile", ["cpuOpsPerSec", "memBytesPerSec"]],
];

/** A daemon being played against. */
export class Stage {
  /** The daemon. */
  readonly daemon: Daemon;
  /** The one that it knows as a peer, or itself. */
  readonly peer: Daemon;
  /** Where the exchanges are. */
  readonly recording: Recording;
  /** What differed so far. */
  readonly problems: string[] = [];
  readonly #begun = new Map<string, Promise<void>>();
  readonly #ids = new Map<string, string>();
  #refreshToken: string | undefined;
  readonly #failed = Promise.withResolvers<void>();

  constructor(daemon: Daemon, recording: Recording, peer: Daemon = daemon) {
    this.daemon = daemon;
    this.recording = recording;
    this.peer = peer;
  }

  /** Resolves when something differed: what is waited for may never come then. */
  get failed(): Promise<void> {
    return this.#failed.promise;
  }

  /** Sends a recorded request and compares the answer. */
  async play(name: string, which?: number): Promise<void> {
    const exchange = this.recording.exchange(name, which);
    const { request, as } = exchange;
    const authorization = await this.#authorization(name, as);
    const answer = await fetch(`${this.daemon.url}${this.#withIds(request.path)}`, {
      method: request.method,
      headers: authorization === undefined ? {} : { authorization },
      body: await this.#bodyOf(name, request.body),
      redirect: "manual",
    });
    this.#compare(name, exchange, {
      status: answer.status,
      contentType: answer.headers.get("content-type") ?? "",
      headers: Object.fromEntries(answer.headers),
      body: await answer.text(),
    });
  }

  /** Asks for a WebSocket as recorded, and compares the refusal; its headers were not recorded. */
  async playUpgrade(name: string): Promise<void> {
    const exchange = this.recording.exchange(name);
    const { request, as } = exchange;
    const authorization = await this.#authorization(name, as) ?? "";
    const { status, contentType, body } = await askUpgrade(
      this.daemon.url,
      request.path,
      authorization,
    );
    this.#compare(name, exchange, { status, contentType, headers: {}, body });
  }

  /** Opens a recorded stream, runs the steps, and compares as much of it as was recorded. */
  async playStream(name: string, steps: readonly Step[]): Promise<void> {
    const exchange = this.recording.exchange(name);
    const { request, response, as } = exchange;
    const authorization = await this.#authorization(name, as) ?? "";
    const answer = await fetch(`${this.daemon.url}${request.path}`, { headers: { authorization } });
    for (const step of steps) await step.run(this);
    const frames = response.body.split("\n\n").length;
    let body = "";
    for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      body += text;
      if (body.split("\n\n").length >= frames) break;
    }
    const { status, headers } = answer;
    const contentType = headers.get("content-type") ?? "";
    this.#compare(name, exchange, {
      ...{ status, contentType, headers: Object.fromEntries(headers), body },
    });
  }

  #compare(name: string, { request, response }: Exchange, answer: Answer): void {
    this.#learnIds(response.body, answer.body);
    const [, byKind] = compared.find(([path]) => request.path.startsWith(path)) ?? [];
    const found = differences(response, answer, byKind);
    this.problems.push(...found.map((problem) => `${name}: ${problem}`));
    if (found.length > 0) this.#failed.resolve();
  }

  /** The ids of this daemon, by the recorded ones in the same places. */
  #learnIds(recorded: string, actual: string): void {
    const [was = [], is = []] = [recorded, actual].map((body) => body.match(ids) ?? []);
    if (was.length !== is.length) return;
    was.forEach((id, index) => this.#ids.set(id, this.#ids.get(id) ?? is[index] ?? id));
  }

  #withIds(text: string): string {
    return text.replace(ids, (id) => this.#ids.get(id) ?? id);
  }

  /** Sends a recorded request that will be answered later. */
  begin(name: string): void {
    this.#begun.set(name, this.play(name));
  }

  /** Waits for one that was begun. */
  async finish(name: string): Promise<void> {
    await this.#begun.get(name);
  }

  /** The recording holds no tokens; a body that had one gets one of the daemon's. */
  async #bodyOf(name: string, body: string | null): Promise<string | null> {
    if (body === null) return null;
    if (!name.startsWith("tk-refresh")) return this.#withIds(spelledOut(body));
    this.#refreshToken ??= await this.daemon.token({ username: "rec1", type: "refresh" });
    const token = name === "tk-refresh-access" ? await this.daemon.token() : this.#refreshToken;
    return body.replace("<jwt>", token);
  }

  async #authorization(name: string, as: string): Promise<string | undefined> {
    if (as === "none") return undefined;
    // The recording does not hold the tokens; these exchanges are about bad ones.
    if (name === "badtoken" || name.startsWith("rl-bad")) return "Bearer not.a.token";
    return `Bearer ${await this.daemon.token(this.recording.claimsOf(as))}`;
  }
}

/** Some long texts are written as in `<64KiB+1 of a>`. */
function spelledOut(body: string): string {
  return body.replace(
    /<64KiB(?:\+(\d+))? of (\w)>/,
    (_, more: string | undefined, letter: string) => letter.repeat(65_536 + Number(more ?? 0)),
  );
}

/** Replays these, one after the other. */
export function play(...names: readonly string[]): Step {
  return {
    names,
    async run(stage) {
      for (const name of names) await stage.play(name);
    },
  };
}

/** Replays one of several recordings of that name; counted as replayed with the first. */
export function playOneOf(name: string, which: number): Step {
  return { names: which === 0 ? [name] : [], run: (stage) => stage.play(name, which) };
}

/** Replays a recorded request for a WebSocket, which `fetch` cannot send. */
export function playUpgrade(name: string): Step {
  return { names: [name], run: (stage) => stage.playUpgrade(name) };
}

/** Replays a recorded stream, and meanwhile the steps that it tells of. */
export function playStream(name: string, steps: readonly Step[]): Step {
  const names = [name, ...steps.flatMap((step) => step.names)];
  return { names, run: (stage) => stage.playStream(name, steps) };
}

/** Replays all recordings from one name to another that are not listed as not replayed. */
export function playSpan(first: string, last: string, recording: Recording = wire): Step {
  return play(...recording.span(first, last));
}

/** Sends this one now; `finish` awaits its answer. */
export function begin(name: string): Step {
  return { names: [name], run: (stage) => Promise.resolve(stage.begin(name)) };
}

/** Awaits what was begun. */
export function finish(name: string): Step {
  return { names: [], run: (stage) => stage.finish(name) };
}

/** Does something beside the recordings. */
export function act(run: (daemon: Daemon, peer: Daemon) => Promise<void> | void): Step {
  return { names: [], run: async (stage) => await run(stage.daemon, stage.peer) };
}

/** What a scenario is played on: one daemon, or one that knows another, which is started first. */
export type Cast = DaemonOptions | {
  /** The other one. */
  readonly peer: DaemonOptions;
  /** The one that is spoken to. */
  readonly daemon: (peer: Daemon) => DaemonOptions;
};

/** Runs the steps on daemons of their own until something differs; gives what did. */
export async function runScenario(
  cast: Cast,
  steps: readonly Step[],
  recording: Recording = wire,
): Promise<readonly string[]> {
  await using peer = "daemon" in cast ? await startDaemon(cast.peer) : undefined;
  const options = "daemon" in cast ? undefined : cast;
  await using daemon = await startDaemon(
    options ?? ("daemon" in cast && peer !== undefined ? cast.daemon(peer) : {}),
  );
  const stage = new Stage(daemon, recording, peer);
  for (const step of steps) {
    await Promise.race([step.run(stage), stage.failed]);
    if (stage.problems.length > 0) break;
  }
  return stage.problems;
}

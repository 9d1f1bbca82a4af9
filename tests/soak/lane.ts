/** A model of one container that moves, and checks each answer against the daemon. @module */
import type { RecordedRequest } from "../daemon/mod.ts";
import { isTrue, stateIn } from "./answers.ts";
import { disturb } from "./disturbances.ts";
import { orderMishap } from "./mishaps.ts";
import { drawMove, type Move, secretText } from "./moves.ts";
import type { Random } from "./random.ts";
import type { CallOutcome, SoakClient } from "./soak_client.ts";
import { type Facts, quota, type World } from "./world.ts";

/** What a soak counts and complains of. */
export interface Findings {
  /** Calls made. */
  calls: number;
  /** Calls canceled. */
  canceled: number;
  /** Calls by tool, those that change something. */
  readonly writes: Map<string, number>;
  /** How often each code was answered. */
  readonly codes: Map<string, number>;
  /** What was wrong. */
  readonly failures: string[];
}

/** Codes that leave open what happened. */
const open = new Set(["ambiguous", "timeout", "cancelled"]);

/** Of a world whose terminals give up after 2 s. */
const MAX_SILENCE_MS = 15_000;

/** One container's conversation. */
export class Lane {
  readonly #world: World;
  readonly #random: Random;
  readonly #findings: Findings;
  readonly #username: string;
  readonly #team: string;
  readonly #path: RegExp;
  #now: Facts = { state: undefined };
  #trail: string[] = [];

  /** @param random Draws what it does */
  constructor(
    world: World,
    { username, team }: { readonly username: string; readonly team: string },
    random: Random,
    findings: Findings,
  ) {
    this.#world = world;
    this.#username = username;
    this.#team = team;
    this.#random = random;
    this.#findings = findings;
    this.#path = new RegExp(`^/v1/containers/${username}(?:[/?]|$)`);
  }

  /** Makes a move. */
  async step(client: SoakClient): Promise<void> {
    const { daemon, hasTerminals } = this.#world;
    const random = this.#random;
    if (hasTerminals && this.#now.state === "running" && random.chance(0.04)) {
      return await this.#typePassword(client);
    }
    const mover = { username: this.#username, team: this.#team, hasTerminals };
    const move = drawMove(mover, this.#now, random);
    if (move.secret !== undefined) this.#world.secrets.push(move.secret);
    const { trap } = this.#world;
    // The first team's server stays, and its memory is measured.
    const scene = { daemon, path: this.#path, trap, isLargeAllowed: this.#team !== "team0" };
    const mishap = random.chance(0.4) ? orderMishap(scene, random) : undefined;
    const from = this.#world.requestCount;
    const wasAway = this.#world.watchRestarts();
    const disturbance = disturb(this.#world, this.#username, move, random);
    const outcome = await client.call(move.tool, move.args, {
      isModern: random.chance(0.5),
      isAgreed: true,
      cancelAfterMs: !unhurried.has(move.tool) && random.chance(0.08)
        ? random.below(200)
        : undefined,
    });
    await disturbance.end();
    this.#world.daemon.forgetFaults(this.#path);
    this.#count(move, outcome);
    if (outcome.kind === "gone") return;
    // The daemon may be at it still.
    if (outcome.kind === "canceled") await new Promise((resolve) => setTimeout(resolve, 300));
    const after = await this.#world.observe(this.#username);
    const ordered = [mishap ?? "-", disturbance.name].filter((name) => name !== undefined);
    this.#trail.push(
      `${move.tool} ${JSON.stringify(move.args)} [${ordered.join(", ")}] → ` +
        `${outcome.isError ? outcome.code || outcome.kind : "ok"}`,
    );
    this.#trail = this.#trail.slice(-6);
    // A creation without its daemon stays as it is, and its answer says how.
    const isCut = wasAway() && stateIn(outcome.content) === after.state;
    this.#judge(isCut ? { ...move, then: after } : move, outcome, after);
    this.#judgeWrites(this.#world.requestsFrom(from));
    const { cpu, containers } = await this.#world.usage(this.#team);
    if (cpu > quota.cpu || containers > quota.containers) {
      this.#complain(
        `the quota of ${this.#team} is overshot: ${cpu} cpu, ${containers} containers`,
      );
    }
    this.#now = after;
  }

  /** Types a password where the terminal does not echo. */
  async #typePassword(client: SoakClient): Promise<void> {
    const options = { isModern: this.#random.chance(0.5), isAgreed: true };
    const wasAway = this.#world.watchRestarts();
    const call = async (tool: string, args: Readonly<Record<string, unknown>>) => {
      const outcome = await client.call(tool, args, options);
      this.#count({ tool, args, then: undefined, writes: true }, outcome);
      return outcome;
    };
    const { content } = await call("open_terminal", { username: this.#username });
    if (content.terminal_id === undefined) return;
    const at = { "terminal_id": content.terminal_id };
    const text = "stty -echo; echo re''ady; read x; stty echo; echo ${#x} characters\n";
    const { content: { found } } = await call("send_to_terminal", {
      ...at,
      text,
      "wait_for": "ready",
    });
    if (found === true) {
      const password = secretText(this.#random);
      this.#world.secrets.push(password);
      const wait = { "wait_for": `${password.length} characters` };
      const sent = await call("send_to_terminal", { ...at, text: `${password}\n`, ...wait });
      // A daemon that is started anew has dropped every terminal.
      if (sent.content.found !== true && !wasAway()) {
        this.#complain(`the password did not arrive: ${sent.text}`);
      }
    }
    await call("close_terminal", at);
  }

  /** Complains of what a server that has ended left in the container. */
  async inspect(): Promise<void> {
    const { daemon, hasTerminals } = this.#world;
    if (!hasTerminals) return;
    // A terminal whose connection was lost ends after it has heard nothing for a while.
    const deadline = performance.now() + MAX_SILENCE_MS;
    for (;;) {
      const { processes: all, files } = await daemon.leftovers(this.#username);
      // A login shell whose connection was dropped before anything was typed is the daemon's.
      const processes = all.filter((line) => !/^-\w+$|\/su\.sh /.test(line));
      if (processes.length + files.length === 0) return;
      if (performance.now() > deadline) {
        return this.#complain(`left behind: ${[...processes, ...files].join(", ")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Removes its container. */
  async end(client: SoakClient): Promise<void> {
    const args = { username: this.#username, force: true };
    const outcome = await client.call("delete_container", args, {
      isModern: false,
      isAgreed: true,
    });
    this.#count({ tool: "delete_container", args, then: undefined, writes: true }, outcome);
    const { state } = await this.#world.observe(this.#username);
    if (state !== undefined) this.#complain(`it is not deleted at the end: ${outcome.text}`);
  }

  #count({ tool, writes }: Move, { kind, code, isError }: CallOutcome) {
    const findings = this.#findings;
    findings.calls += 1;
    if (kind === "canceled") findings.canceled += 1;
    if (writes) findings.writes.set(tool, (findings.writes.get(tool) ?? 0) + 1);
    const key = isError ? code : "ok";
    findings.codes.set(key, (findings.codes.get(key) ?? 0) + 1);
  }

  /** What is answered is what happened. */
  #judge({ tool, args, then, writes }: Move, outcome: CallOutcome, after: Facts): void {
    const { isError, code, text, content } = outcome;
    if (code.startsWith("-32") || text.includes("bug in this server")) {
      this.#complain(`${tool} answered ${code}: ${text}`);
    }
    if (!isError) {
      if (then === undefined) return this.#complain(`${tool} succeeded, which it cannot: ${text}`);
      if (plain(after) !== plain(then)) {
        this.#complain(`${tool} succeeded, but ${show(after)} instead of ${show(then)}: ${text}`);
      }
      if (!isTrue({ tool, args }, outcome, { username: this.#username, ...after })) {
        this.#complain(`${tool} answered what is not so: ${JSON.stringify(content).slice(0, 500)}`);
      }
      return;
    }
    if (writes && !open.has(code) && plain(after) !== plain(this.#now)) {
      this.#complain(
        `${tool} answered ${code}, but ${show(this.#now)} became ${show(after)}: ${text}`,
      );
    }
    if (!writes && plain(after) !== plain(this.#now)) {
      this.#complain(`${tool} only reads, but ${show(this.#now)} became ${show(after)}`);
    }
  }

  /** No write is sent twice in one call. */
  #judgeWrites(requests: readonly RecordedRequest[]): void {
    const seen = new Set<string>();
    for (const { method, path, body } of requests) {
      const isOwn = this.#path.test(path) || body.includes(`"username":"${this.#username}"`);
      if (method === "GET" || !isOwn) continue;
      const key = `${method} ${path} ${body}`;
      if (seen.has(key)) this.#complain(`${key} was sent twice`);
      seen.add(key);
    }
  }

  #complain(what: string): void {
    this.#findings.failures.push(`${this.#username}: ${what}\n    ${this.#trail.join("\n    ")}`);
  }
}

/** What takes the daemon a while it ends without its caller: only later is it known what is true. */
const unhurried = new Set([
  "delete_container",
  "restart_container",
  "restore_snapshot",
  "stop_container",
]);

/** To compare facts. */
function plain({ state, cpu, note, ttlHours, snapshots }: Facts): string {
  return JSON.stringify([state, cpu, note, ttlHours, snapshots?.toSorted()]);
}

function show(facts: Facts): string {
  return JSON.stringify(facts);
}

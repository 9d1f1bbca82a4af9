import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { MAX_HELD_MS, PendingWork } from "../async/pending_work.ts";
import { poll } from "../async/poll.ts";
import { afterWrite } from "../transport/after_write.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { readListOf } from "../wire.ts";
import { agentPath, withMeantAgent } from "./agent_ids.ts";
import { type Crew, type CrewRun, readCrew, readCrewRun } from "./agent_skill.ts";
import { type AgentTaskOptions, type AgentWork, waitForHeld, workKey } from "./held_call.ts";

const pace = { firstMs: 1_000, factor: 1.5, maxMs: 10_000, timeoutMs: MAX_HELD_MS };

/** Crews of agents; `/v1/crews` and `/v1/crew-runs`. Throws `unsupported` at a daemon before 0.67.0. */
export class Crews implements Disposable {
  readonly #http: Http;
  readonly #runs = new PendingWork<CrewRun>();

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   */
  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Lists the crews; `GET /v1/crews`.
   *
   * @throws {ContainariumError} `permission_denied`; `unsupported`
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
   * const [crew] = await client.crews.list();
   * assertEquals(crew?.agents, ["relay-agent", "hello-agent"]);
   * ```
   */
  async list(options: CallOptions = {}): Promise<readonly Crew[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("crews"), call);
    return readListOf(answer, "crews").map(readCrew);
  }

  /**
   * Reads one crew; `GET /v1/crews/{id}`.
   *
   * @throws {ContainariumError} `not_found` (`agent_missing`) if there is none; `unsupported`
   *
   * @example Who is in it?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { agents } = await client.crews.get("hello-crew");
   * assertEquals(agents.length, 2);
   * ```
   */
  async get(id: string, options: CallOptions = {}): Promise<Crew> {
    using call = new CallDeadline(options);
    return await this.#withMeant(id, call, async () => {
      const answer = await this.#http.request("GET", agentPath("crews", id), call);
      return readCrew(answer.crew);
    });
  }

  /**
   * Gives a crew a task: runs each of its agents in a container, as `agents.run` does, and hands the task on
   * from one to the next; `POST /v1/crews/{id}/run`, `GET /v1/crew-runs/{id}`. A run that failed is an
   * answer with the state `failed`, not an error.
   *
   * The same call again joins the pending run, and for ten minutes returns its outcome.
   *
   * @throws {ContainariumError} `not_found` (`agent_missing`); `permission_denied` or `internal` unless the
   * token reaches `agent-<id>` of each agent; `conflict` while it runs with another task
   *
   * @example Run one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const run = await client.crews.run("hello-crew", { input: { task: "say hi" } });
   * assertEquals(run.done && run.value.state, "completed");
   * ```
   */
  async run(id: string, options: AgentTaskOptions = {}): Promise<AgentWork<CrewRun>> {
    const path = agentPath("crews", id, "run");
    return await this.#withMeant(id, options, () =>
      waitForHeld(this.#runs, {
        slot: id,
        title: `The run of the crew ${id}`,
        send: async (inputJson, signal) => {
          const body = { inputJson };
          const held = { signal, body, timeoutMs: MAX_HELD_MS };
          const answer = await this.#http.request("POST", path, held);
          const begun = await afterWrite(
            `The run of the crew ${id}`,
            () => readCrewRun(answer.run),
          );
          return await this.#toItsEnd(begun, signal);
        },
      }, options));
  }

  /** Returns whether `run` would join the same run of another call, and so send nothing. */
  isPending(id: string, { input }: Pick<AgentTaskOptions, "input"> = {}): boolean {
    return this.#runs.has(id, workKey(input));
  }

  /** Released daemons answer at the end of a run; others may answer at its beginning. */
  async #toItsEnd(run: CrewRun, signal: AbortSignal): Promise<CrewRun> {
    if (isOver(run)) return run;
    return await afterWrite(
      `The run ${run.id} of ${run.crewId}`,
      () => poll(() => this.getRun(run.id, { signal }), isOver, { ...pace, signal }),
    );
  }

  /**
   * Reads a run; `GET /v1/crew-runs/{id}`. The daemon shows it to any tenant.
   *
   * @throws {ContainariumError} `not_found`; `unsupported`
   *
   * @example Read one again
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const run = await client.crews.run("hello-crew");
   * if (!run.done) throw new Error("it goes on");
   * assertEquals(await client.crews.getRun(run.value.id), run.value);
   * ```
   */
  async getRun(id: string, options: CallOptions = {}): Promise<CrewRun> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", agentPath("crew-runs", id), call);
    return readCrewRun(answer.run);
  }

  async #withMeant<T>(id: string, call: CallOptions, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await withMeantAgent(error, id, "crew", () => this.list({ signal: call.signal }));
    }
  }

  /** Drops the pending requests. */
  [Symbol.dispose](): void {
    this.#runs[Symbol.dispose]();
  }
}

function isOver({ state }: CrewRun): boolean {
  return state !== "pending" && state !== "running";
}

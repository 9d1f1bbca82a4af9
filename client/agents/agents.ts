import { afterWrite } from "../transport/after_write.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { MAX_HELD_MS, PendingWork } from "../async/pending_work.ts";
import type { Container } from "../containers/container.ts";
import { readContainer } from "../containers/container_row.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { readListOf, readText } from "../wire.ts";
import { agentPath, withMeantAgent } from "./agent_ids.ts";
import {
  type AgentAnswer,
  type AgentSkill,
  readAgentAnswer,
  readAgentSkill,
} from "./agent_skill.ts";
import { type AgentTaskOptions, type AgentWork, waitForHeld, workKey } from "./held_call.ts";

/** What came of running an agent. */
export interface AgentRun {
  /** Its container, which stays. */
  readonly container: Container;
  /** What it answered, as a rule JSON: text from outside. Empty: nothing. */
  readonly output: string;
}

/** How to give an agent that runs a task. */
export interface CallAgentOptions extends AgentTaskOptions {
  /**
   * The agent that calls, which must be allowed to.
   *
   * @default A user calls, who may call any
   */
  readonly from?: string | undefined;
}

/** Agents in containers; `/v1/agent-skills`. Throws `unsupported` at a daemon before 0.67.0. */
export class Agents implements Disposable {
  readonly #http: Http;
  readonly #runs = new PendingWork<AgentRun>();
  readonly #calls = new PendingWork<AgentAnswer>();

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   */
  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Lists the agents that the daemon knows, whether they run or not; `GET /v1/agent-skills`.
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
   * const agents = await client.agents.list();
   * assertEquals(agents.some(({ id }) => id === "code-review"), true);
   * ```
   */
  async list(options: CallOptions = {}): Promise<readonly AgentSkill[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("agent-skills"), call);
    return readListOf(answer, "skills").map(readAgentSkill);
  }

  /**
   * Reads one agent; `GET /v1/agent-skills/{id}`.
   *
   * @throws {ContainariumError} `not_found` (`agent_missing`) if there is none; `unsupported`
   *
   * @example Whom may it call?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { mayCall } = await client.agents.get("relay-agent");
   * assertEquals(mayCall, ["hello-agent"]);
   * ```
   */
  async get(id: string, options: CallOptions = {}): Promise<AgentSkill> {
    using call = new CallDeadline(options);
    return await this.#withMeant(id, call, async () => {
      const answer = await this.#http.request("GET", agentPath("agent-skills", id), call);
      return readAgentSkill(answer.skill);
    });
  }

  /**
   * Runs an agent in its container, which is created from a recipe unless it is there; `POST
   * /v1/agent-skills/{id}/run`. That takes minutes, and the container stays. Each run replaces the network
   * policy of the agent's container, which stays even when the container is deleted.
   *
   * The same call again joins the pending run, and for ten minutes returns its outcome.
   *
   * @throws {ContainariumError} `not_found` (`agent_missing`); `permission_denied` unless the token reaches
   * `agent-<id>`; `conflict` while it runs with another task; whatever ended the creation
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
   * const run = await client.agents.run("hello-agent", { input: { question: "hi" } });
   * assertEquals(run.done && run.value.container.username, "agent-hello-agent");
   * ```
   */
  async run(id: string, options: AgentTaskOptions = {}): Promise<AgentWork<AgentRun>> {
    const path = agentPath("agent-skills", id, "run");
    return await this.#withMeant(id, options, () =>
      waitForHeld(this.#runs, {
        slot: id,
        title: `The run of ${id}`,
        send: async (inputJson, signal) => {
          const body = { inputJson };
          const held = { signal, body, timeoutMs: MAX_HELD_MS };
          const answer = await this.#http.request("POST", path, held);
          return await afterWrite(`The run of ${id}`, () => ({
            container: readContainer(answer.container),
            output: readText(answer.artifactJson) ?? "",
          }));
        },
      }, options));
  }

  /** Returns whether `run` would join the same run of another call, and so send nothing. */
  isPending(id: string, { input }: Pick<AgentTaskOptions, "input"> = {}): boolean {
    return this.#runs.has(id, workKey(input));
  }

  /**
   * Gives an agent whose container runs a task, and waits for its answer; `POST
   * /v1/agent-skills/{id}/call`. The daemon lets any tenant call any agent. A task that failed is an answer
   * with the state `failed`, not an error.
   *
   * @throws {ContainariumError} `not_found` (`agent_missing`); `failed_precondition` (`agent_not_running`);
   * `permission_denied` (`agent_not_allowed`) if `from` may not call it; `internal` (`agent_failed`) if it
   * gave no answer that the daemon can read
   *
   * @example Call one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "agent-hello-agent" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const call = await client.agents.call("hello-agent", { input: { question: "hi" } });
   * assertEquals(call.done && call.value.state, "completed");
   * ```
   */
  async call(
    id: string,
    { from, ...options }: CallAgentOptions = {},
  ): Promise<AgentWork<AgentAnswer>> {
    const path = agentPath("agent-skills", id, "call");
    // The daemon takes any name of which it knows nothing for a caller that may call everybody.
    if (from !== undefined) await this.get(from, options);
    return await this.#withMeant(id, options, () =>
      waitForHeld(this.#calls, {
        slot: JSON.stringify([id, from, options.input]),
        title: `The task of ${id}`,
        send: async (inputJson, signal) => {
          const body = { fromSkillId: from, inputJson };
          const held = { signal, body, timeoutMs: MAX_HELD_MS };
          const answer = await this.#http.request("POST", path, held);
          return await afterWrite(`The task of ${id}`, () => readAgentAnswer(answer.artifact));
        },
      }, options));
  }

  async #withMeant<T>(id: string, call: CallOptions, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await withMeantAgent(error, id, "agent", () => this.list({ signal: call.signal }));
    }
  }

  /** Drops the pending requests. */
  [Symbol.dispose](): void {
    this.#runs[Symbol.dispose]();
    this.#calls[Symbol.dispose]();
  }
}

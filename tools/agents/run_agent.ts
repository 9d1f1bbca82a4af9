import { agentContainer, visible } from "../../client/internal.ts";
import { z } from "zod";
import type { AgentTaskOptions } from "../../client/mod.ts";
import { waitSeconds } from "../fields.ts";
import { unlessEmpty } from "../lean.ts";
import { type ConsentRequest, defineTool, type ToolContext } from "../tool.ts";
import { demandsFor } from "./agent_demands.ts";
import { answerFields, answerOf, renderAnswer, task, taskInput } from "./agent_answer.ts";
import { type AgreedPolicies, policyQuestion, refuseOtherPolicies } from "./agent_policies.ts";

const input = z.strictObject({
  agent: z.string().optional().describe("Its id, of list_agents"),
  crew: z.string().optional().describe("Instead: id of a crew"),
  input: task,
  wait_seconds: waitSeconds.describe("It goes on after that"),
}).refine(({ agent, crew }) => (agent === undefined) !== (crew === undefined), {
  error: "expected either agent or crew",
});

/** Runs an agent or a crew; `POST /v1/agent-skills/{id}/run`, `POST /v1/crews/{id}/run`. */
export const runAgent = defineTool({
  name: "run_agent",
  title: "Run agent",
  description: "Run an AI agent or a crew in containers, which are created if need be and stay, " +
    "and give it a task. Sets the containers' network policy, which outlives them. Takes minutes.",
  effect: "write",
  idempotent: false,
  reach: "container",
  scopes: ["agents:read", "agents:run", "containers:read"],
  input,
  output: z.strictObject({
    ...answerFields,
    containers: z.array(z.string()).describe("Containers of its agents, which stay"),
    run_id: z.string().optional().describe("Id of the crew's run"),
    note: z.string().describe("What the run leaves behind"),
  }),

  consent: async (args, context): Promise<ConsentRequest<AgreedPolicies>> =>
    await policyQuestion(await agentsOf(args, context), context),

  run: async (args, context, agreed) => {
    const { agent, crew, wait_seconds: waitSeconds } = args;
    const { client, quotas, signal, progress } = context;
    const agents = await agentsOf(args, context);
    const containers = agents.map((id) => visible(agentContainer(id)));
    const given = taskInput(args.input);
    const isPending = crew === undefined
      ? client.agents.isPending(agent ?? "", { input: given })
      : client.crews.isPending(crew, { input: given });
    if (!isPending) await refuseOtherPolicies(agents, agreed, context);
    const { quotas: rules } = await context.policy();
    const demands = isPending || rules === undefined ? [] : await demandsFor(agents, context);
    using reservation = await quotas.take(client, rules, demands, { signal });
    progress(1, 2, `Running ${agents.map(visible).join(", then ")}`);
    const options: AgentTaskOptions = {
      input: given,
      waitMs: waitSeconds * 1_000,
      signal,
      // A failure is reported to the caller that waits.
      onSent: (answered) =>
        new Set(demands.map(({ username }) => username)).forEach((username) => {
          reservation.run(username, () => answered).catch(() => {});
        }),
    };
    const rest = { containers, note: noteOn(containers) };
    if (crew === undefined) {
      const result = await client.agents.run(agent ?? "", options);
      return { ...(result.done ? answerOf(result.value) : { done: false }), ...rest };
    }
    const result = await client.crews.run(crew, options);
    return result.done
      ? { ...answerOf(result.value), run_id: unlessEmpty(visible(result.value.id)), ...rest }
      : { done: false, ...rest };
  },

  render: ({ containers, run_id: id, note, ...answer }) =>
    [
      renderAnswer(answer),
      `${containers.length === 1 ? "container" : "containers"}: ${containers.join(", ")}`,
      ...(id === undefined ? [] : [`run: ${id}`]),
      note,
    ].join("\n"),

  failed: ({ state }) => state === "failed" || state === "cancelled",
});

/** Returns the ids of the agents that run. */
async function agentsOf(
  { agent, crew }: z.output<typeof input>,
  { client, signal }: ToolContext,
): Promise<readonly string[]> {
  if (crew !== undefined) return (await client.crews.get(crew, { signal })).agents;
  return [(await client.agents.get(agent ?? "", { signal })).id];
}

function noteOn(containers: readonly string[]): string {
  const [of, stay] = containers.length === 1 ? ["of it", "stays"] : ["of each", "stay"];
  return `It goes on running, and so does its use of the host, until delete_container. The run set ` +
    `the network policy ${of}, which ${stay} even then unless delete_container removes it too.`;
}

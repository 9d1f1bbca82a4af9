import { together, visible } from "../../client/internal.ts";
import { z } from "zod";
import { unlessEmpty } from "../lean.ts";
import { formatTable } from "../text/format.ts";
import { defineTool } from "../tool.ts";

/** Lists agents and crews; `GET /v1/agent-skills`, `GET /v1/crews`. */
export const listAgents = defineTool({
  name: "list_agents",
  title: "List agents",
  description: "List the AI agents and crews that the daemon offers.",
  effect: "read",
  idempotent: true,
  scopes: ["agents:read", "crews:read"],
  input: z.strictObject({}),
  output: z.strictObject({
    agents: z.array(z.strictObject({
      id: z.string().describe(
        "For run_agent and call_agent; its container is agent-<id>-container",
      ),
      description: z.string().optional().describe("What it does: data from the daemon's catalog"),
      model: z.string().optional().describe("Its language model"),
      may_call: z.array(z.string()).optional().describe("Agents it may call; absent: none"),
    })).optional().describe("Absent: none"),
    crews: z.array(z.strictObject({
      id: z.string().describe("For run_agent"),
      description: z.string().optional().describe("What it does: data from the daemon's catalog"),
      agents: z.array(z.string()).describe("Its agents, in the order in which they get the task"),
    })).optional().describe("Absent: none"),
  }),

  run: async (_args, { client, signal }) => {
    const [agents, crews] = await together([
      client.agents.list({ signal }),
      client.crews.list({ signal }),
    ]);
    return {
      agents: unlessEmpty(agents.map(({ id, description, model = "", mayCall }) => ({
        id: visible(id),
        description: unlessEmpty(visible(description)),
        model: unlessEmpty(visible(model)),
        may_call: unlessEmpty(mayCall.map(visible)),
      }))),
      crews: unlessEmpty(crews.map(({ id, description, agents }) => ({
        id: visible(id),
        description: unlessEmpty(visible(description)),
        agents: agents.map(visible),
      }))),
    };
  },

  render: ({ agents = [], crews = [] }) => {
    if (agents.length + crews.length === 0) return "The daemon knows no agents.";
    const agentRows = agents.map(({ id, model = "", may_call: calls = [], description = "" }) => [
      id,
      model,
      calls.join(", "),
      description,
    ]);
    const crewRows = crews.map(({ id, agents, description = "" }) => [
      id,
      agents.join(", then "),
      description,
    ]);
    return [
      ...(agents.length === 0
        ? []
        : [formatTable(["agent", "model", "may call", "what it does"], agentRows)]),
      ...(crews.length === 0 ? [] : [formatTable(["crew", "agents", "what it does"], crewRows)]),
    ].join("\n\n");
  },
});

import { visible } from "../../client/internal.ts";
import { z } from "zod";
import { waitSeconds } from "../fields.ts";
import { defineTool } from "../tool.ts";
import { answerFields, answerOf, renderAnswer, task, taskInput } from "./agent_answer.ts";

/** Gives an agent that runs a task; `POST /v1/agent-skills/{id}/call`. */
export const callAgent = defineTool({
  name: "call_agent",
  title: "Call agent",
  description: "Ask an AI agent whose container runs, of any tenant, to do a task, and wait for " +
    "its answer.",
  effect: "write",
  idempotent: false,
  reach: "container",
  scopes: ["agents:call"],
  input: z.strictObject({
    agent: z.string().describe("Its id, of list_agents"),
    input: task,
    wait_seconds: waitSeconds.describe("The task goes on after that"),
  }),
  output: z.strictObject(answerFields),

  run: async ({ agent, input, wait_seconds: waitSeconds }, { client, signal, progress }) => {
    progress(1, 2, `${visible(agent)} has the task`);
    const result = await client.agents.call(agent, {
      input: taskInput(input),
      waitMs: waitSeconds * 1_000,
      signal,
    });
    return result.done ? answerOf(result.value) : { done: false };
  },

  render: renderAnswer,
  failed: ({ state }) => state === "failed",
});

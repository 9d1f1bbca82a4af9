/**
 * Agents that the daemon runs in containers: list, run, call.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { callAgent } from "./call_agent.ts";
import { listAgents } from "./list_agents.ts";
import { runAgent } from "./run_agent.ts";

/** The toolset `agents`, in the order in which it is listed. */
export const agentTools: readonly Tool[] = [listAgents, runAgent, callAgent];

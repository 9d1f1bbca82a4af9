/**
 * Agents that the daemon runs in containers, and crews of them.
 *
 * @module
 */
export { agentContainer, agentUsername } from "./agent_ids.ts";
export type { AgentAnswer, AgentSkill, AgentWorkState, Crew, CrewRun } from "./agent_skill.ts";
export { type AgentRun, Agents, type CallAgentOptions } from "./agents.ts";
export { Crews } from "./crews.ts";
export type { AgentTaskOptions, AgentWork } from "./held_call.ts";

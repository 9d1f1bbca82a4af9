import { type JsonObject, readList, readObject, readOptionalObject, readText } from "../wire.ts";

/** An agent that the daemon can run: in one container for everybody, `agent-<id>-container`. */
export interface AgentSkill {
  /** Its name for `run` and `call`: `code-review`. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** What it does. */
  readonly description: string;
  /** What it says it can do. */
  readonly capabilities: readonly string[];
  /** The language model behind it. */
  readonly model: string | undefined;
  /** The recipe that its container is made from. */
  readonly recipeId: string | undefined;
  /** Agents that it may call. */
  readonly mayCall: readonly string[];
}

/** Agents that hand a task on from one to the next. */
export interface Crew {
  /** Its name for `run`: `hello-crew`. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** What it does. */
  readonly description: string;
  /** Its agents, in order. */
  readonly agents: readonly string[];
}

/** Where work of agents stands. Only the last four are an end. */
export type AgentWorkState =
  | "pending"
  | "running"
  | "completed"
  | "failed"
  | "cancelled"
  | "unknown";

/** What came of a task. */
export interface AgentAnswer {
  /** `completed` or `failed`, as a rule. */
  readonly state: AgentWorkState;
  /** What the agent answered, as a rule JSON: text from outside. Empty: nothing. */
  readonly output: string;
  /** Why it failed: text from outside. */
  readonly error: string | undefined;
}

/** One run of a crew. */
export interface CrewRun extends AgentAnswer {
  /** Its name for `getRun`. */
  readonly id: string;
  /** The crew. */
  readonly crewId: string;
}

/** Reads the daemon's AgentSkill message. */
export function readAgentSkill(value: unknown): AgentSkill {
  const wire = readObject(value, "skill");
  const id = readText(wire.id) ?? "";
  return {
    id,
    name: readText(wire.name) ?? id,
    description: readText(wire.description) ?? "",
    capabilities: readTexts(readOptionalObject(wire.agentCard, "agentCard")?.capabilities),
    model: readText(wire.model),
    recipeId: readText(wire.recipeId),
    mayCall: readTexts(wire.allowedPeers),
  };
}

/** Reads the daemon's Crew message. */
export function readCrew(value: unknown): Crew {
  const wire = readObject(value, "crew");
  const id = readText(wire.id) ?? "";
  return {
    id,
    name: readText(wire.name) ?? id,
    description: readText(wire.description) ?? "",
    agents: readTexts(wire.skillIds),
  };
}

function readTexts(value: unknown): readonly string[] {
  return readList(value, "texts").map((one) => readText(one) ?? "");
}

/** Reads the daemon's AgentArtifact message. */
export function readAgentAnswer(value: unknown): AgentAnswer {
  const wire = readObject(value, "artifact");
  return answerOf(wire.outputJson, wire);
}

/** Reads the daemon's CrewRun message. */
export function readCrewRun(value: unknown): CrewRun {
  const wire = readObject(value, "run");
  return {
    id: readText(wire.id) ?? "",
    crewId: readText(wire.crewId) ?? "",
    ...answerOf(wire.artifactJson, wire),
  };
}

function answerOf(output: unknown, { state, error }: JsonObject): AgentAnswer {
  return { state: readState(state), output: readText(output) ?? "", error: readText(error) };
}

function readState(value: unknown): AgentWorkState {
  switch (value) {
    case "AGENT_TASK_STATE_SUBMITTED":
    case "CREW_RUN_STATE_PENDING":
      return "pending";
    case "AGENT_TASK_STATE_WORKING":
    case "CREW_RUN_STATE_RUNNING":
      return "running";
    case "AGENT_TASK_STATE_COMPLETED":
    case "CREW_RUN_STATE_COMPLETED":
      return "completed";
    case "AGENT_TASK_STATE_FAILED":
    case "CREW_RUN_STATE_FAILED":
      return "failed";
    case "CREW_RUN_STATE_CANCELLED":
      return "cancelled";
    default:
      return "unknown";
  }
}

/** Crews: agents that hand a task on, one after the other. @module */

import { type Artifact, deliver, demandSkill, newTraceId, provision } from "./agent_skills.ts";
import { requireScope } from "./auth.ts";
import { text } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";

/** Crews. */
export const crewRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/crews", handle: list },
  { method: "GET", pattern: "/v1/crews/{id}", handle: get },
  { method: "POST", pattern: "/v1/crews/{id}/run", handle: run },
  { method: "GET", pattern: "/v1/crew-runs/{id}", handle: getRun },
].map((route) => ({ ...route, since: "0.67.0" }));

const crews = [{
  id: "hello-crew",
  name: "Hello Crew",
  description:
    "Neutral reference crew. relay-agent forwards a task to hello-agent; proves crew topology + A2A wiring end-to-end.",
  topology: "CREW_TOPOLOGY_PIPELINE",
  skillIds: ["relay-agent", "hello-agent"],
}];
const runFields = { crewId: text, backendId: text, pool: text, inputJson: text };

/** The runs by id, as they are written. */
class CrewRuns {
  readonly runs = new Map<string, Readonly<Record<string, unknown>>>();
}

function list({ caller }: Call): unknown {
  requireScope(caller, "crews:read");
  return { crews };
}

function get({ caller, param }: Call): unknown {
  requireScope(caller, "crews:read");
  return { crew: demandCrew(param("id")) };
}

function demandCrew(id: string): typeof crews[number] {
  const crew = crews.find((one) => one.id === id);
  if (crew === undefined) throw new GrpcError("NotFound", `crew not found: ${id}`);
  return crew;
}

async function run(call: Call): Promise<unknown> {
  const { inputJson, ...place } = call.body(runFields);
  requireScope(call.caller, "crews:run");
  const crew = demandCrew(call.param("id"));
  for (const skillId of crew.skillIds) {
    try {
      await provision(call, demandSkill(skillId), place);
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      const reason = `rpc error: code = ${error.code} desc = ${error.message}`;
      throw new GrpcError(
        "Internal",
        `crew "${crew.id}": provision skill "${skillId}": ${reason}`,
      );
    }
  }
  const traceId = newTraceId();
  const artifact = handOn(crew.skillIds, inputJson, traceId, call);
  const done = {
    id: `crewrun-${traceId}`,
    crewId: crew.id,
    traceId,
    state: artifact.error === "" ? "CREW_RUN_STATE_COMPLETED" : "CREW_RUN_STATE_FAILED",
    inputJson,
    artifactJson: artifact.outputJson,
    error: artifact.error,
    owner: call.world.cluster?.backendId ?? "",
  };
  call.world.area(CrewRuns).runs.set(done.id, done);
  return { run: done };
}

/** Up to the first that fails. */
function handOn(
  skillIds: readonly string[],
  inputJson: string,
  traceId: string,
  { world }: Call,
): Pick<Artifact, "outputJson" | "error"> {
  let [from, input] = ["", inputJson];
  for (const skillId of skillIds) {
    const { error, outputJson } = deliver(from, skillId, input, traceId, world);
    if (error !== "") {
      return { outputJson: "", error: `hop "${from}"->"${skillId}" failed: ${error}` };
    }
    [from, input] = [skillId, outputJson];
  }
  return { outputJson: input, error: "" };
}

/** Any tenant's. */
function getRun({ world, caller, param }: Call): unknown {
  requireScope(caller, "crews:read");
  const found = world.area(CrewRuns).runs.get(param("id"));
  if (found !== undefined) return { run: found };
  throw new GrpcError("NotFound", `crew run "${param("id")}" not found`);
}

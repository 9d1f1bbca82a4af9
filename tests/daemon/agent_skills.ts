/** Agents' skills: running them in containers of their own, and calling one another. @module */

import recorded from "./agent_skills.json" with { type: "json" };
import { AuditLog } from "./audit_log.ts";
import { requireScope, requireTenant } from "./auth.ts";
import { type Container, visibleIpAddress, writeContainer } from "./container.ts";
import { createWithin } from "./create.ts";
import { createFields } from "./create_fields.ts";
import { PolicyStore } from "./network_policies.ts";
import { decodeBody, text } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import type { World } from "./world.ts";

/** Skills. */
export const agentSkillRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/agent-skills", handle: list },
  { method: "GET", pattern: "/v1/agent-skills/{id}", handle: get },
  { method: "POST", pattern: "/v1/agent-skills/{id}/run", handle: run },
  { method: "POST", pattern: "/v1/agent-skills/{id}/call", handle: call },
  { method: "POST", pattern: "/v1/agent-skills/{id}/worker", handle: startWorker },
].map((route) => ({ ...route, since: "0.67.0" }));

type Skill = typeof recorded[number];

const placeFields = { skillId: text, backendId: text, pool: text };
const runFields = { ...placeFields, inputJson: text };
const workerFields = { ...placeFields, workerId: text };
const callFields = { toPeerId: text, fromSkillId: text, inputJson: text, traceId: text };

/** Where a skill is to run. */
interface Place {
  readonly backendId: string;
  readonly pool: string;
}

/** The skill of that id, or the 404. */
export function demandSkill(id: string): Skill {
  const skill = recorded.find((one) => one.id === id);
  if (skill === undefined) throw new GrpcError("NotFound", `skill not found: ${id}`);
  return skill;
}

function list({ caller }: Call): unknown {
  requireScope(caller, "agents:read");
  return { skills: recorded };
}

function get({ caller, param }: Call): unknown {
  requireScope(caller, "agents:read");
  return { skill: demandSkill(param("id")) };
}

async function run(call: Call): Promise<unknown> {
  const place = call.body(runFields);
  requireScope(call.caller, "agents:run");
  const container = await provision(call, demandSkill(call.param("id")), place);
  return {
    container: writeContainer(container, "brief", call.world),
    artifactJson: '{"ok":true}',
  };
}

async function startWorker(call: Call): Promise<unknown> {
  const { workerId, ...place } = call.body(workerFields);
  requireScope(call.caller, "agents:run");
  const container = await provision(call, demandSkill(call.param("id")), place);
  return { container: writeContainer(container, "brief", call.world), workerId };
}

/** The skill's container, made when there is none; its network policy stays when it goes. */
export async function provision(
  { world, caller }: Pick<Call, "world" | "caller">,
  skill: Skill,
  { backendId, pool }: Place,
): Promise<Container> {
  const username = boxOf(skill.id);
  requireTenant(caller, username);
  if (backendId !== "") {
    throw new GrpcError(
      "Unimplemented",
      `recipe deploy to remote backend "${backendId}" is not supported yet; point --server at that backend's daemon`,
    );
  }
  if (pool !== "") {
    throw new GrpcError(
      "Unimplemented",
      "recipe deploy to a pool is not supported yet; point --server at the target backend's daemon",
    );
  }
  if (world.store.find(username) === undefined) {
    await createWithin({ ...decodeBody(createFields, "", true), username }, world);
  }
  world.area(PolicyStore).policies.set(username, {
    tenant: username,
    allowIntraTenant: false,
    egressCidrs: skill.allowedPeers
      .map((peer) => world.store.find(boxOf(peer)))
      .flatMap((peer) => peer === undefined ? [] : [`${peer.ipAddress}/32`]),
    egressDomains: ["api.anthropic.com", "api.openai.com", "generativelanguage.googleapis.com"],
    mode: "NETWORK_POLICY_MODE_LOG_ONLY",
    allowMetadata: false,
    source: "",
    denyRules: [],
  });
  return world.store.demand(username, "failed to get container");
}

const boxOf = (skillId: string) => `agent-${skillId}`;

function call({ world, caller, param, body }: Call): unknown {
  const { fromSkillId, inputJson, traceId } = body(callFields);
  requireScope(caller, "agents:call");
  const { id } = demandSkill(param("id"));
  const from = recorded.find((skill) => skill.id === fromSkillId);
  if (from !== undefined && !from.allowedPeers.includes(id)) {
    throw new GrpcError(
      "PermissionDenied",
      `skill "${fromSkillId}" is not permitted to call peer "${id}" (not in its allowed_peers)`,
    );
  }
  const trace = traceId || newTraceId();
  return { artifact: deliver(fromSkillId, id, inputJson, trace, world), traceId: trace };
}

/** As in `4b6a620f24f202d6190032d6a7d0ba8b`. */
export function newTraceId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/** What came of a task. */
export interface Artifact {
  readonly taskId: string;
  readonly outputJson: string;
  readonly state: "AGENT_TASK_STATE_COMPLETED" | "AGENT_TASK_STATE_FAILED";
  readonly error: string;
}

/** Hands a task to a skill's container. What the agent makes of it is a stand-in's, as it was recorded. */
export function deliver(
  from: string,
  to: string,
  inputJson: string,
  traceId: string,
  world: World,
): Artifact {
  const box = world.store.find(boxOf(to));
  if (box === undefined || visibleIpAddress(box) === "") {
    throw new GrpcError(
      "FailedPrecondition",
      `peer "${to}" is not running (no box "${
        boxOf(to)
      }-container" with an IP); run it first with 'containarium agent run ${to}'`,
    );
  }
  if (inputJson.includes('"http500"')) {
    throw undelivered(to, "a2a peer returned 500: stand-in error");
  }
  if (inputJson.includes('"garbage"')) {
    throw undelivered(
      to,
      "decode artifact: proto: syntax error (line 1:1): invalid value not",
    );
  }
  world.area(AuditLog).add({
    username: from === "" ? "_unknown" : from,
    action: "agent.a2a_call",
    resourceType: "agent_skill",
    resourceId: to,
    detail: JSON.stringify({ detail: "", from, outcome: "delivered", to, trace_id: traceId }),
  });
  const failed = inputJson.includes('"boom"');
  return {
    taskId: `task-${from}-${to}`,
    outputJson: failed ? "" : JSON.stringify({ by: to }),
    state: failed ? "AGENT_TASK_STATE_FAILED" : "AGENT_TASK_STATE_COMPLETED",
    error: failed ? "stand-in was asked to fail" : "",
  };
}

function undelivered(to: string, reason: string): GrpcError {
  return new GrpcError("Unavailable", `deliver task to peer "${to}": ${reason}`);
}

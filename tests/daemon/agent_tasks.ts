/** Tasks that wait for agents to take them. @module */

import { demandSkill } from "./agent_skills.ts";
import { requireScope } from "./auth.ts";
import { integer, text } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";

/** Tasks. */
export const agentTaskRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/agent-tasks", handle: add },
  { method: "POST", pattern: "/v1/agent-tasks/lease", handle: lease },
  { method: "POST", pattern: "/v1/agent-tasks/{taskId}/complete", handle: complete },
].map((route) => ({ ...route, since: "0.67.0" }));

interface Task {
  readonly taskId: string;
  readonly skillId: string;
  readonly inputJson: string;
  leaseToken: string;
  done: boolean;
}

class TaskQueue {
  readonly tasks: Task[] = [];
  leases = 0;
}

function add({ world, caller, body }: Call): unknown {
  const { skillId, inputJson } = body({ skillId: text, inputJson: text });
  requireScope(caller, "agents:run");
  if (skillId === "") throw new GrpcError("InvalidArgument", "skill_id is required");
  demandSkill(skillId);
  const { tasks } = world.area(TaskQueue);
  const taskId = `task-${tasks.length + 1}`;
  tasks.push({ taskId, skillId, inputJson, leaseToken: "", done: false });
  return { taskId };
}

function lease({ world, caller, body }: Call): unknown {
  const { skillId } = body({ workerId: text, skillId: text, leaseSeconds: integer("int32") });
  requireScope(caller, "agents:run");
  const queue = world.area(TaskQueue);
  const task = queue.tasks.find((one) =>
    one.leaseToken === "" && (skillId === "" || one.skillId === skillId)
  );
  if (task === undefined) {
    return { hasTask: false, taskId: "", skillId: "", inputJson: "", leaseToken: "" };
  }
  queue.leases += 1;
  task.leaseToken = `lease-${queue.leases}`;
  const { taskId, inputJson, leaseToken } = task;
  return { hasTask: true, taskId, skillId: task.skillId, inputJson, leaseToken };
}

function complete({ world, caller, param, body }: Call): unknown {
  const { leaseToken } = body({
    taskId: text,
    leaseToken: text,
    artifactJson: text,
    error: text,
  });
  requireScope(caller, "agents:run");
  if (leaseToken === "") {
    throw new GrpcError("InvalidArgument", "task_id and lease_token are required");
  }
  const task = world.area(TaskQueue).tasks.find(({ taskId }) => taskId === param("taskId"));
  const accepted = task !== undefined && !task.done && task.leaseToken === leaseToken;
  if (accepted) task.done = true;
  return { accepted };
}

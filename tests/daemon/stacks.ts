/** The stacks: what can be installed in a container. @module */

import { requireTenant } from "./auth.ts";
import { writeContainer } from "./container.ts";
import { requiredUsername } from "./containers.ts";
import { text } from "./protojson.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import stacks from "./stacks.json" with { type: "json" };
import { notFoundText } from "./store.ts";

/** Listing and installing. */
export const stackRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/stacks", since: "0.67.0", handle: () => ({ stacks }) },
  {
    method: "POST",
    pattern: "/v1/containers/{username}/install-stack",
    since: "0.67.0",
    handle: installStack,
  },
];

/** Base scripts can be installed too, but are not listed. */
const baseScripts = ["ntp"];

/** Whether there is such a stack. */
export function isStack(id: string): boolean {
  return baseScripts.includes(id) || stacks.some((stack) => stack.id === id);
}

async function installStack(call: Call): Promise<unknown> {
  const { world, caller, param } = call;
  const { stackId } = call.body({ username: text, stackId: text });
  const username = requiredUsername(param("username"));
  if (stackId === "") throw goError("stack_id is required");
  requireTenant(caller, username);
  const container = world.store.find(username);
  if (container?.osType === "OS_TYPE_WINDOWS_2022") {
    throw goError("stack installation is not supported on Windows VMs");
  }
  const failed = (reason: string) => goError(`failed to install stack: ${reason}`);
  if (container === undefined) {
    throw failed(`container not found: failed to get container: ${notFoundText(username)}`);
  }
  if (container.state !== "CONTAINER_STATE_RUNNING") {
    throw failed(`container is not running (state: ${stateWord(container.state)})`);
  }
  if (!isStack(stackId)) throw failed(`unknown stack or base script: ${stackId}`);
  await world.pace.through("installing", username, world.delays.installMs);
  if (container.state !== "CONTAINER_STATE_RUNNING") {
    throw failed("package install failed: command exited with code 137");
  }
  return {
    message: `Stack "${stackId}" installed successfully on ${username}-container`,
    container: writeContainer(container, "brief", world),
  };
}

/** Incus's own word. */
function stateWord(state: string): string {
  const word = state.replace("CONTAINER_STATE_", "");
  return word.charAt(0) + word.slice(1).toLowerCase();
}

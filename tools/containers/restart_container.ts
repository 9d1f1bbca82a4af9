import { containerName } from "../../client/internal.ts";
import { z } from "zod";
import type { AgreedContainer, Container } from "../../client/mod.ts";
import { changeFields } from "../change.ts";
import { stillDeleting } from "../grace/grace_words.ts";
import { diskWarningsOf, distinctWarnings } from "../host/limits.ts";
import { containerAnswer, renderContainer, username } from "../schemas.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";
import { deletionAfterStop, startsDeletion } from "./stop_deletion.ts";

/** Stops one container and starts it again: the daemon has no restart. */
export const restartContainer = defineTool({
  name: "restart_container",
  title: "Restart container",
  description: "Restart (reboot) a container. A stopped one is only " +
    "started.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    force: z.boolean().default(false).describe("Kill it instead of shutting it down gracefully"),
  }),
  output: z.strictObject({
    ...changeFields,
    steps: z.array(z.enum(["stop", "start"])).describe("Steps done, in order"),
  }),

  consent: async ({ username }, { client, signal }): Promise<ConsentRequest<AgreedContainer>> => {
    const container = await client.containers.findWhole(username, { signal });
    if (container === undefined) return { agreed: {} };
    return { question: restartQuestion(username, container), agreed: { container } };
  },

  run: async ({ username, force }, { client, signal, progress }, agreed) => {
    const { steps, container } = await client.containers.restart(username, {
      force,
      signal,
      agreed,
      onStep: (step) =>
        progress(step === "stop" ? 0 : 1, 2, `${containerName(username)}: ${doing[step]}`),
    });
    return {
      changed: steps.length > 0,
      steps: [...steps],
      container: containerAnswer(container),
      warnings: distinctWarnings([
        ...stillDeleting(container),
        ...await diskWarningsOf(container, client, { signal }),
      ]),
    };
  },

  render: ({ steps, container, warnings = [] }) =>
    [
      `${containerName(container.username)}: ${headline(steps)}`,
      renderContainer(container),
      ...warnings,
    ].join("\n"),
});

const doing = { stop: "stopping", start: "starting" } as const;

function headline(steps: readonly ("stop" | "start")[]): string {
  if (steps.length === 2) return "restarted.";
  if (steps.includes("start")) return "it was already stopped, and is started.";
  return steps.includes("stop") ? "stopped; something else started it." : "it is running.";
}

function restartQuestion(username: string, container: Container): ConsentQuestion | undefined {
  if (!startsDeletion(container)) return undefined;
  const name = containerName(username);
  return {
    message:
      `Restart ${name}? Stopping it starts its deletion (${deletionAfterStop(container)}), ` +
      "which starting it again prevents: if it cannot be started in time, it is lost.",
    confirm: `Restart ${name}`,
  };
}

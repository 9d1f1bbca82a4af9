import { unlessEmpty } from "../lean.ts";
import type { Container, CreateResult, Limits } from "../../client/mod.ts";
import { create } from "../creation/planned_creation.ts";
import { type PostCreateAnswer, runPostCreate } from "../creation/post_create.ts";
import { deletingIn } from "../grace/grace_words.ts";
import { shown } from "../schemas.ts";
import type { ToolContext } from "../tool.ts";
import type { Reservation } from "../admission/reservations.ts";
import { factsOf, type Row } from "./bulk_answer.ts";
import { planAnswer } from "./creation_plan.ts";
import type { Planned } from "./placement.ts";
import { underWay, type WorkItem } from "./work_item.ts";

/** Returns the row of a user who has a container already. */
export function presentStep(container: Container): WorkItem {
  const deleting = deletingIn(container);
  const why = `already has a container (${deleting ?? container.state}); one container per user`;
  const next = deleting && "undelete_container brings back what is deleted and not gone yet";
  return { kind: "decided", row: { ...factsOf(container), result: "skipped", why, next } };
}

/** Returns the work item that creates a container and runs its template's commands. */
export function creationStep(
  plan: Planned,
  reservation: Reservation,
  context: ToolContext,
): WorkItem {
  const { creation, demand, backend, remark: why } = plan;
  const { username, postCreate } = creation;
  const { client, signal } = context;
  const goesOn =
    `it continues on its own: get_container(username="${username}", wait_for="running")`;
  return {
    kind: "act",
    expected: {
      username,
      result: "planned",
      ...limitsOf(demand),
      plan: planAnswer(creation),
      backend,
      why,
    },
    underWay: { ...underWay(username, goesOn), backend },
    act: async () => {
      // Awaited even after the result was returned: the template's commands run last.
      const created = await create(creation, reservation, client, { signal });
      if (!created.ready) return haltedRow(created);
      // One progress message per container, at its end.
      const quiet = { ...context, progress: () => {} };
      return createdRow(created, await runPostCreate(username, postCreate, quiet));
    },
  };
}

function createdRow({ container, ignored }: CreateResult, commands: PostCreateAnswer): Row {
  const failed = commands.filter(({ exit_code: code }) => code !== 0);
  const remarks = [
    ...(ignored.length > 0
      ? [
        `not set (the daemon is too old or lacks what it needs, the address is taken, or it is on another host): ${
          ignored.join(", ")
        }`,
      ]
      : []),
    ...(failed.length > 0 ? ["commands of its template failed"] : []),
  ];
  return {
    ...factsOf(container),
    ...limitsOf(container),
    result: "done",
    why: remarks.join("; ") || undefined,
    post_create: unlessEmpty(failed),
    next: failed.length > 0
      ? "use run_command for what failed and what was not run, in this order"
      : undefined,
  };
}

/** Returns limits as columns of a row: as read back, or as planned. */
function limitsOf({ cpu, memory, disk }: Limits): Pick<Row, "cpu" | "memory" | "disk"> {
  return { cpu: shown(cpu), memory: shown(memory), disk: shown(disk) };
}

/** The container is not ready: it takes too long, or another client stopped or paused it. */
function haltedRow({ container }: CreateResult): Row {
  const facts = { ...factsOf(container), result: "unknown" } as const;
  switch (container.state) {
    case "stopped":
      return { ...facts, why: "stopped before it was ready", next: "start_container" };
    case "frozen":
      return {
        ...facts,
        why: "frozen (paused) before it was ready",
        next: "stop_container with force, then start_container",
      };
    default:
      return {
        ...facts,
        why: `still ${container.state}`,
        next: "get_container shows its progress",
      };
  }
}

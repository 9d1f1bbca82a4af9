import type { Container, CreateResult } from "../../client/mod.ts";
import type { Creation } from "../containers/creation.ts";
import { type PostCreateAnswer, runPostCreate } from "../templates/post_create.ts";
import type { ToolContext } from "../tool.ts";
import type { Room } from "../quotas/guard.ts";
import { factsOf, type Row } from "./answer.ts";
import { type Step, underWay } from "./step.ts";

/** How long a creation is followed after the answer, so that its template's commands are run. */
const LONGEST_MS = 3_600_000;

/** That a user has a container already, so that none is created. */
export function presentStep(container: Container): Step {
  const why = `has a container already (${container.state}); there is one a user`;
  return { kind: "decided", row: { ...factsOf(container), result: "skipped", why } };
}

/** What is to be done for a container to be created, its template's commands included. */
export function creationStep(
  { username, options, postCreate }: Creation,
  room: Room,
  context: ToolContext,
): Step {
  const { client: { containers }, signal } = context;
  const { cpu, memory, disk } = options;
  return {
    kind: "act",
    expected: { username, result: "planned", why: [cpu, memory, disk].join(", ") },
    underWay: underWay(
      username,
      `it goes on by itself: get_container(username="${username}", wait_for="running")`,
    ),
    act: async () => {
      const created = await room.hold(
        username,
        () => containers.create({ ...options, waitMs: LONGEST_MS, signal }),
      );
      if (!created.ready) return haltedRow(created);
      // One progress line a container: that it is over.
      const quiet = { ...context, progress: () => {} };
      return createdRow(created, await runPostCreate(username, postCreate, quiet));
    },
  };
}

function createdRow({ container, ignored }: CreateResult, commands: PostCreateAnswer): Row {
  const failed = commands.filter(({ exit_code: code }) => code !== 0);
  const remarks = [
    ...(ignored.length > 0 ? [`not set, since this daemon is too old: ${ignored.join(", ")}`] : []),
    ...(failed.length > 0 ? ["commands of its template failed"] : []),
  ];
  return {
    ...factsOf(container),
    result: "done",
    ...(remarks.length > 0 ? { why: remarks.join("; ") } : {}),
    ...(failed.length > 0
      ? { post_create: failed, next: "run_command what failed and what was not run, in this order" }
      : {}),
  };
}

/** Somebody else stopped or paused it. */
function haltedRow({ container }: CreateResult): Row {
  const why = `${container.state} before it was ready`;
  const next = "stop_container with force where it is frozen, then start_container";
  return { ...factsOf(container), result: "unknown", why, next };
}

import type { ChangeResult, Container, ContainerState } from "../../client/mod.ts";
import { deletionAfterStop, startsDeletion } from "../containers/stop_deletion.ts";
import { stillDeleting } from "../grace/grace_words.ts";
import { factsOf, type Row } from "./bulk_answer.ts";
import type { Selected } from "./selection.ts";
import { underWay, type WorkItem } from "./work_item.ts";

/** A requested change of state. */
export interface StateChange {
  /** Resulting state. */
  readonly to: Extract<ContainerState, "running" | "stopped">;
  /** Changes one container. */
  readonly apply: (username: string) => Promise<ChangeResult>;
}

/** Returns the work item that changes a container's state. */
export function changeStep(selected: Selected, change: StateChange): WorkItem {
  switch (selected.kind) {
    case "missing":
    case "unreachable":
      return { kind: "decided", row: selected.row };
    case "found":
      return actStep(selected.container, change);
  }
}

/** Sends the request even if nothing seems left to do: a list does not show all states. */
function actStep(container: Container, { to, apply }: StateChange): WorkItem {
  const { username, state } = container;
  const already = (now: Container): Row => ({
    ...factsOf(now),
    result: "skipped",
    why: `it was already ${to}`,
  });
  return {
    kind: "act",
    expected: state === to
      ? already(container)
      : { username, state, result: "planned", why: deletionOf(container, to) },
    underWay: underWay(username, `get_container(username="${username}") shows its state`),
    act: async () => {
      const { changed, container: now } = await apply(username);
      return changed
        ? { ...factsOf(now), result: "done", why: deletionOf(container, to) ?? remarkOf(now, to) }
        : already(now);
    },
  };
}

function remarkOf(now: Container, to: StateChange["to"]): string | undefined {
  return to === "running" ? stillDeleting(now)[0] : undefined;
}

function deletionOf(container: Container, to: StateChange["to"]): string | undefined {
  return to === "stopped" && startsDeletion(container)
    ? `it will be deleted ${deletionAfterStop(container)}, unless it is started before then`
    : undefined;
}

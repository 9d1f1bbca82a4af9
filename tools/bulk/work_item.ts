import { ContainariumError } from "../../client/mod.ts";
import { oneLine } from "../../client/internal.ts";
import { advise } from "../advice/advice.ts";
import { fence } from "../text/fence.ts";
import type { ToolContext } from "../tool.ts";
import type { Row } from "./bulk_answer.ts";

/** There may be a hundred rows, each with what its container printed. */
const MAX_CONTAINER_CHARS = 500;

/** What to do about one container. */
export type WorkItem =
  | {
    readonly kind: "decided";
    /** Result, without sending anything. */
    readonly row: Row;
  }
  | {
    readonly kind: "act";
    /** Expected result, for a dry run. */
    readonly expected: Row;
    /** Row while it is still in progress. */
    readonly underWay: Row;
    /** Executes it. */
    readonly act: () => Promise<Row>;
  };

/** Returns the owner of the container. */
export function usernameOf(step: WorkItem): string {
  return step.kind === "decided" ? step.row.username : step.expected.username;
}

/**
 * Returns the row of a container that is still in progress when the result is due.
 *
 * @param next Call that shows its state
 */
export function underWay(username: string, next: string): Row {
  return { username, result: "unknown", why: "still in progress when the wait was over", next };
}

/**
 * Returns the row of a container for a failure.
 *
 * @param meant Username that was probably meant
 */
export function failureRow(username: string, error: ContainariumError, meant?: string): Row {
  const { next } = advise(error, meant);
  const { code, reason } = error;
  const explanation = { why: oneLine(error.message), ...printedIn(error), next };
  if (reason === "protected") return { username, result: "skipped", ...explanation };
  const isUnknown = code === "ambiguous" || code === "cancelled";
  return { username, result: isUnknown ? "unknown" : "failed", code, ...explanation };
}

function printedIn({ containerText: text }: ContainariumError): Pick<Row, "container_text"> {
  if (text === undefined) return {};
  const printed = text.slice(0, MAX_CONTAINER_CHARS);
  return { container_text: fence(printed, "container", "the container") };
}

/** Returns the row for anything thrown; a bug in this server is logged and does not stop the others. */
export function thrownRow(username: string, error: unknown, { log }: ToolContext): Row {
  if (error instanceof ContainariumError) return failureRow(username, error);
  const reason = String(error);
  log("error", error instanceof Error ? error.stack ?? reason : reason);
  return {
    username,
    result: "failed",
    code: "internal",
    why: `A bug in this server: ${oneLine(reason)}`,
    next: "report it; get_container shows the state of the container.",
  };
}

import { ContainariumError } from "../../client/mod.ts";
import { advise } from "../advice/advice.ts";
import { oneLine } from "../advice/explain.ts";
import type { ToolContext } from "../tool.ts";
import type { Row } from "./bulk_answer.ts";

/** What is to be done about one container. */
export type WorkItem =
  | {
    readonly kind: "decided";
    /** Its result, without anything sent. */
    readonly row: Row;
  }
  | {
    readonly kind: "act";
    /** What is expected, for a dry run. */
    readonly expected: Row;
    /** Its status while it is still in progress. */
    readonly underWay: Row;
    /** Does it. */
    readonly act: () => Promise<Row>;
  };

/** Whose container a step is about. */
export function usernameOf(step: WorkItem): string {
  return step.kind === "decided" ? step.row.username : step.expected.username;
}

/**
 * How a container stands that is worked on when the answer is due.
 *
 * @param next What shows more
 */
export function underWay(username: string, next: string): Row {
  return { username, result: "unknown", why: "still in progress when the wait was over", next };
}

/**
 * What a failure makes of a container.
 *
 * @param meant The username that was probably meant
 */
export function failureRow(username: string, error: ContainariumError, meant?: string): Row {
  const { next } = advise(error, meant);
  const { code, reason } = error;
  const explanation = { why: oneLine(error.message), next };
  if (reason === "protected") return { username, result: "skipped", ...explanation };
  const isUnknown = code === "ambiguous" || code === "cancelled";
  return { username, result: isUnknown ? "unknown" : "failed", code, ...explanation };
}

/** What whatever was thrown makes of a container; a bug in this server is logged, and stops no other. */
export function thrownRow(username: string, error: unknown, { log }: ToolContext): Row {
  if (error instanceof ContainariumError) return failureRow(username, error);
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  log("error", error instanceof Error ? error.stack ?? reason : reason);
  return {
    username,
    result: "failed",
    code: "internal",
    why: `A bug in this server: ${oneLine(reason)}`,
    next: "report it; get_container shows the state of the container.",
  };
}

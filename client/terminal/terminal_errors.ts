import { ContainariumError } from "../errors.ts";
import { Damaged } from "./decode.ts";
import type { TerminalConnector } from "./connector.ts";
import { NotReady } from "./ready.ts";
import { AgentFailed, Dropped } from "./agent_session.ts";

/** Turns an internal failure of a terminal into the library's error. */
export async function explainTerminalError(
  error: unknown,
  connector: TerminalConnector,
): Promise<unknown> {
  if (error instanceof NotReady) return notReady(error, connector);
  if (error instanceof AgentFailed) return agentFailed(error, connector);
  if (error instanceof Damaged) return damaged(error, connector);
  if (error instanceof Dropped) {
    const known = [error.said, await connector.look()].filter((words) => words !== undefined);
    const also = known.map((words) => `; ${words}`).join("");
    return error.wasSent
      ? ambiguous(connector, `the connection was lost while the command ran${also}`, error)
      : new ContainariumError(
        "unavailable",
        `${connector.name}: the connection was lost before the command was sent${also}. Nothing was run`,
        { cause: error },
      );
  }
  return error;
}

/** It has the path of the terminal: what shows whether it happened depends on that. */
function ambiguous(
  { name, path }: TerminalConnector,
  what: string,
  cause: Error,
): ContainariumError {
  return new ContainariumError(
    "ambiguous",
    `${name}: ${what}. The command may have run, completely or in part; it is not run again`,
    { path: path.text, cause },
  );
}

function damaged(error: Error, connector: TerminalConnector): ContainariumError {
  return ambiguous(connector, "the command's output arrived incomplete", error);
}

async function notReady(error: NotReady, connector: TerminalConnector): Promise<ContainariumError> {
  const why = error.end === "itself"
    ? error.said ?? await connector.look() ??
      "its login shell ends at once (does its user exist, and may it have a shell?)"
    : "its login files run something that is not a shell, or it has no stty";
  const left = error.end === "none" ? " What they started may still run." : "";
  return new ContainariumError(
    "failed_precondition",
    `${connector.name} did not start a shell: ${why}. Nothing was run.${left}`,
    { containerText: error.screen === "" ? undefined : error.screen, cause: error },
  );
}

function agentFailed(error: AgentFailed, connector: TerminalConnector): ContainariumError {
  const { name } = connector;
  switch (error.reason) {
    case "nobase64":
      return new ContainariumError(
        "unsupported",
        `${name} has no base64, which is needed to run commands there. Nothing was run`,
        { cause: error },
      );
    case "nodir":
    case "fifo":
    case "upload":
      return new ContainariumError(
        "resource_exhausted",
        `Cannot copy the command to ${name} (${error.reason}): its disk is full, or neither ` +
          "/dev/shm, /tmp nor the home directory is writable. Nothing was run",
        { cause: error },
      );
    case "damaged":
      return damaged(error, connector);
    case "flood":
      return ambiguous(connector, "more output arrived than was requested", error);
    default:
      return ambiguous(connector, `the command failed to report (${error.reason})`, error);
  }
}

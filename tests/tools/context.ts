import type { ContainariumClient } from "../../client/mod.ts";
import { InFlightLimit, silent } from "../../client/internal.ts";
import { QuotaGuard, type ToolContext, toolNames, withoutPolicy } from "../../tools/mod.ts";

/** Context for tools that are run without the server. */
export function contextOf(client: ContainariumClient): ToolContext {
  const { signal } = new AbortController();
  return {
    client,
    signal,
    conversation: { ended: signal },
    policy: withoutPolicy,
    quotas: new QuotaGuard(),
    tools: new Set(toolNames),
    toolsOff: new Map(),
    readOnly: false,
    bulkLimit: new InFlightLimit(3),
    log: silent,
    continueAfterAnswer: () => {},
    progress: () => {},
  };
}

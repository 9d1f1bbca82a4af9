import { ContainariumError, type Logger } from "../../client/mod.ts";
import { noPolicy, parsePolicy, type Policy, PolicyError, type PolicySource } from "./policy.ts";

/** Where a policy is kept. */
export interface PolicyText {
  /** What it is called in messages: `CONTAINARIUM_CONFIG /etc/policy.json`. */
  readonly label: string;
  /** Reads it as it is now. */
  readonly read: () => Promise<string>;
}

/**
 * Keeps to a policy that may change: it is read for each use, and the last good one stays in force when
 * a new one cannot be used.
 *
 * @param log Told of each change, and of one that cannot be used, once
 * @throws {ContainariumError} `invalid_argument` if it cannot be used at the start, one line per fault
 */
export async function keepPolicy(
  { label, read }: PolicyText,
  log: Logger,
): Promise<PolicySource> {
  let lastText = await read();
  let policy = await parseFirst(label, lastText);
  let lastFault = "";
  const keepOld = (fault: string): Policy => {
    if (fault !== lastFault) {
      log("warning", `${label}: the previous version stays in effect: ${fault}`);
    }
    lastFault = fault;
    return policy;
  };
  return async () => {
    let text: string;
    try {
      text = await read();
    } catch (error) {
      return keepOld(error instanceof Error ? error.message : String(error));
    }
    if (text === lastText) {
      lastFault = "";
      return policy;
    }
    try {
      policy = await parsePolicy(text);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return keepOld(error.message);
    }
    lastText = text;
    lastFault = "";
    log("info", `${label}: reloaded, since it has changed`);
    return policy;
  };
}

async function parseFirst(label: string, text: string): Promise<Policy> {
  try {
    return await parsePolicy(text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new ContainariumError("invalid_argument", `${label}:\n${error.message}`);
  }
}

/** No templates, no limits, ever. */
export const withoutPolicy: PolicySource = (): Promise<Policy> => Promise.resolve(noPolicy);

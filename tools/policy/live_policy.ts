import { ContainariumError, type Logger } from "../../client/mod.ts";
import { noPolicy, parsePolicy, type Policy, PolicyError, type PolicySource } from "./policy.ts";

/** A policy file. */
export interface PolicyText {
  /** Its name in messages: `CONTAINARIUM_CONFIG /etc/policy.json`. */
  readonly label: string;
  /** Reads its current text. */
  readonly read: () => Promise<string>;
}

/**
 * Follows a policy file that may change: it is read for each use, and the last valid version stays in
 * effect if a new one is invalid.
 *
 * @param log Logs each change, and each invalid version once
 * @throws {ContainariumError} `invalid_argument` if the first version is invalid; one line per mistake
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

/** Source of a policy without templates and limits. */
export const withoutPolicy: PolicySource = (): Promise<Policy> => Promise.resolve(noPolicy);

/**
 * Returns a policy with a grace for when its file says nothing about it.
 *
 * @param grace A duration, or `none`; absent: there is none
 */
export function withGrace(source: PolicySource, grace: string | undefined): PolicySource {
  if (grace === undefined) return source;
  return async (): Promise<Policy> => {
    const policy = await source();
    return { ...policy, deleteGrace: policy.deleteGrace ?? grace };
  };
}

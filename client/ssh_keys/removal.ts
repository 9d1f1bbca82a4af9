/**
 * Removes a key from the container and the host, within what the user agreed to.
 *
 * @module
 */
import { containerName } from "../containers/username.ts";
import { isGivenUp } from "../async/call_deadline.ts";
import { notAgreed } from "../containers/agreed.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import type { AuthorizedKeys } from "./authorized_keys.ts";
import { describeKey } from "./describe_key.ts";
import { fingerprintOf } from "./key_blob.ts";
import type { HostKeys } from "./host_keys.ts";
import { findKey, type KeyChoice } from "./key_choice.ts";
import type { KeyFile } from "./key_file.ts";
import { identityOf, type KeyLine } from "./key_line.ts";
import { letsIn } from "./lets_in.ts";
import type { KeyOutlook, KeyRemovalPlan } from "./report.ts";

/** Options of a key's removal. */
export interface RemoveKeyOptions extends CallOptions {
  /**
   * What the user agreed to. If another key, or an unexpected last key, would be removed, the call
   * is refused or that place is left as it is.
   *
   * @default The current state
   */
  readonly agreed?: KeyRemovalPlan | undefined;
}

/** Failures that end a look: there is no such container, or the choice is not valid. */
const endings = new Set(["not_found", "invalid_argument"]);

function isFinal(error: ContainariumError, { signal }: CallOptions): boolean {
  return endings.has(error.code) || isGivenUp(error, signal);
}

/** Reads both places; changes nothing. */
export async function planRemoval(
  username: string,
  choice: KeyChoice,
  { file, host }: { readonly file: KeyFile; readonly host: HostKeys },
  options: RemoveKeyOptions,
): Promise<KeyRemovalPlan> {
  const inside = await lookInside(file, choice, options);
  const key = inside.key ?? (choice.by === "line" ? choice.line : undefined);
  const known = key === undefined ? {} : { key: await describeKey(key) };
  return {
    ...known,
    container: inside.outlook,
    // Without its line it cannot be removed there.
    host: key === undefined ? "absent" : await lookAtHost(host, username, options),
  };
}

async function lookInside(
  file: KeyFile,
  choice: KeyChoice,
  options: RemoveKeyOptions,
): Promise<{ readonly key?: KeyLine; readonly outlook: KeyOutlook }> {
  try {
    const keys = await file.read(options);
    const [key] = await findKey(keys, choice);
    if (key === undefined) return { outlook: "absent" };
    return { key, outlook: isLast(keys.without(identityOf(key))) ? "last" : "others stay" };
  } catch (error) {
    if (!(error instanceof ContainariumError) || isFinal(error, options)) throw error;
    return { outlook: "unseen" };
  }
}

async function lookAtHost(
  host: HostKeys,
  username: string,
  options: CallOptions,
): Promise<KeyOutlook> {
  try {
    const count = await host.count(username, options);
    if (count === 0) return "absent";
    return count === 1 ? "last" : "others stay";
  } catch (error) {
    if (!(error instanceof ContainariumError) || isFinal(error, options)) throw error;
    // Nothing can be removed there either.
    return error.reason === "no_host_account" || error.code === "unsupported" ? "absent" : "unseen";
  }
}

/** Returns whether the last key in a place may be removed. Without a plan it may. */
export function mayBeLast(plan: KeyRemovalPlan | undefined, place: "container" | "host"): boolean {
  return plan === undefined || plan[place] === "last" || plan[place] === "unseen";
}

/**
 * Removes a key from the container's file.
 *
 * @throws {ContainariumError} `failed_precondition` for a key that was not agreed to
 */
export async function removeFromFile(
  username: string,
  choice: KeyChoice,
  file: KeyFile,
  { agreed, ...options }: RemoveKeyOptions,
): Promise<{ readonly left: AuthorizedKeys; readonly removed: readonly KeyLine[] }> {
  let removed: readonly KeyLine[] = [];
  const left = await file.edit(async (keys) => {
    removed = await findKey(keys, choice);
    const [key] = removed;
    if (key === undefined) return undefined;
    const wanted = keys.without(identityOf(key));
    if (agreed?.container === "absent") {
      throw notAgreed(`${containerName(username)} had no such key when the user was asked`);
    }
    if (agreed?.key !== undefined && agreed.key.fingerprint !== await fingerprintOf(key.blob)) {
      throw notAgreed(`Another key of ${containerName(username)} goes by that name now`);
    }
    if (isLast(wanted) && !mayBeLast(agreed, "container")) {
      throw notAgreed(
        `It has become the last key of ${containerName(username)} in the meantime, and its ` +
          "removal was not agreed to",
      );
    }
    return wanted;
  }, options);
  return { left, removed };
}

function isLast(left: AuthorizedKeys): boolean {
  return !left.keys.some(letsIn);
}

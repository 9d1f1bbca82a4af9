import { type AgreedContainer, isSameContainer, notAgreed } from "../containers/agreed.ts";
import type { Finding } from "./finding.ts";

/** What the user saw when agreeing to fix or suppress a finding. */
export interface AgreedFinding extends AgreedContainer {
  /** The finding then. Absent if there was none of that number. */
  readonly finding?: Finding | undefined;
}

/**
 * Throws unless this is the finding that the user agreed to resolve, and the container that is changed the
 * same.
 *
 * @param what What would happen: "The fix"
 * @throws {ContainariumError} `failed_precondition`
 */
export function refuseOtherFinding(now: AgreedFinding, agreed: AgreedFinding, what: string): void {
  const { finding: one, container: here } = now;
  const { finding: other, container: there } = agreed;
  const isSame = one !== undefined && other !== undefined && one.id === other.id &&
    one.scanner === other.scanner && one.title === other.title && one.target === other.target;
  const isSamePlace = here === undefined
    ? there === undefined
    : there !== undefined && isSameContainer(here, there);
  if (isSame && isSamePlace) return;
  throw notAgreed(
    `${what} of the finding ${
      one?.id ?? ""
    } was not agreed to: the finding or its container has changed`,
  );
}

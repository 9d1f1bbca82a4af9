import { type AgreedContainer, notAgreed, refuseOther } from "../containers/agreed.ts";
import { containerName } from "../containers/username.ts";
import { isSameSecret, type Secret } from "./secret.ts";

/** What the user saw when agreeing to show, replace or delete a secret. */
export interface AgreedSecret extends AgreedContainer {
  /** The secret then. Absent if there was none of that name. */
  readonly secret?: Secret | undefined;
}

/**
 * Throws unless this is the secret that the user agreed to show, replace or delete.
 *
 * @param what What would happen: "The deletion"
 * @throws {ContainariumError} `failed_precondition`
 */
export function refuseOtherSecret(
  { container, secret }: AgreedSecret,
  agreed: AgreedSecret,
  username: string,
  what: string,
): void {
  const name = secret?.name ?? agreed.secret?.name ?? "";
  const lost = `${what} of the secret ${name} of ${containerName(username)}`;
  // A secret may be kept without a container. One that came since was not asked about.
  if (container !== undefined && (agreed.container ?? agreed.secret) !== undefined) {
    refuseOther(container, agreed, lost);
  }
  if (secret === undefined && agreed.secret === undefined) return;
  if (secret && agreed.secret && isSameSecret(secret, agreed.secret)) return;
  throw notAgreed(`${lost} was not agreed to: the secret has changed since`);
}

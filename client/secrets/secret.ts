import { type JsonObject, readNumber, readObject, readText, readTime } from "../wire.ts";

/**
 * How a container gets a secret.
 *
 * - `env`: as a variable in the environment of its commands
 * - `file`: as the file `/run/secrets/<name>`, which root and its user can read
 * - `compose`: as a line of `/run/containarium/secrets.env`, which root can read: Compose's `env_file`
 */
export type SecretDelivery = "env" | "file" | "compose";

/** Every {@linkcode SecretDelivery}. */
export const secretDeliveries: readonly SecretDelivery[] = ["env", "file", "compose"];

/** A secret without its value. */
export interface Secret {
  /** Its name: `API_KEY`. */
  readonly name: string;
  /** Number of its value: 1 for the first, more by 1 with each new one. */
  readonly version: number;
  /** How the container gets it. */
  readonly delivery: SecretDelivery;
  /** When it was created. */
  readonly createdAt: Date | undefined;
  /** When it got its value. */
  readonly updatedAt: Date | undefined;
}

/** A secret with its value. */
export interface RevealedSecret extends Secret {
  /** The value: text from whoever set it. */
  readonly value: string;
}

/** Reads a secret as the daemon describes it. */
export function readSecret(json: unknown): Secret {
  const secret = readObject(json, "secret");
  return {
    name: readText(secret.name) ?? "",
    version: readNumber(secret.version),
    delivery: readDelivery(secret),
    createdAt: readTime(secret.createdAt),
    updatedAt: readTime(secret.updatedAt),
  };
}

/** Older daemons have the word only; the oldest, which have neither, deliver every secret as a variable. */
function readDelivery({ deliveryMode, delivery }: JsonObject): SecretDelivery {
  const mode = readText(deliveryMode)?.replace("SECRET_DELIVERY_", "").toLowerCase();
  return secretDeliveries.find((known) => known === mode) ??
    secretDeliveries.find((known) => known === delivery) ?? "env";
}

/** Returns whether two readings are of the same value under the same name. */
export function isSameSecret(one: Secret, other: Secret): boolean {
  // A secret that is set again after its deletion begins at version 1.
  return one.version === other.version &&
    one.createdAt?.getTime() === other.createdAt?.getTime() &&
    one.delivery === other.delivery;
}

import { readFlag, readObject, readText, readUnixSeconds } from "../wire.ts";

/** Somebody who has an account of their own in another user's container. */
export interface Collaborator {
  /** Who it is: `amy`. */
  readonly name: string;
  /** The account, in the container and on the host: `alice-container-amy`. */
  readonly accountName: string;
  /** The daemon's id of the grant: another one after a removal and a return. */
  readonly id: string;
  /** Whether the account may use sudo. */
  readonly hasSudo: boolean;
  /** Whether the account may run containers with Podman, which it can use to become root. */
  readonly hasContainerRuntime: boolean;
  /** Its keys as they were added, a line of `authorized_keys` each: text from outside. */
  readonly keys: readonly string[];
  /** Since when. */
  readonly addedAt: Date | undefined;
}

/** Reads the daemon's Collaborator message. */
export function readCollaborator(value: unknown): Collaborator {
  const wire = readObject(value, "collaborator");
  return {
    name: readText(wire.collaboratorUsername) ?? "",
    accountName: readText(wire.accountName) ?? "",
    id: readText(wire.id) ?? "",
    hasSudo: readFlag(wire.hasSudo),
    hasContainerRuntime: readFlag(wire.hasContainerRuntime),
    keys: (readText(wire.sshPublicKey) ?? "").split("\n").filter((line) => line !== ""),
    addedAt: readUnixSeconds(wire.addedAt),
  };
}

/** Collaborators of containers: who else gets an account. @module */

import { requireTenant } from "./auth.ts";
import { publicKeyProblem } from "./host_accounts.ts";
import { flag, text, texts } from "./protojson.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import { notFoundText } from "./store.ts";

/** Collaborators. */
export const collaboratorRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/containers/{username}/collaborators", handle: list },
  { method: "POST", pattern: "/v1/containers/{username}/collaborators", handle: add },
  {
    method: "DELETE",
    pattern: "/v1/containers/{username}/collaborators/{collaborator}",
    handle: remove,
  },
].map((route) => ({ ...route, since: "0.67.0" }));

const addFields = {
  ownerUsername: text,
  collaboratorUsername: text,
  sshPublicKey: text,
  sshPublicKeys: texts,
  grantSudo: flag,
  grantContainerRuntime: flag,
};

/** One collaborator, as it is written. */
interface Collaborator {
  readonly id: string;
  readonly containerName: string;
  readonly ownerUsername: string;
  readonly collaboratorUsername: string;
  readonly accountName: string;
  readonly sshPublicKey: string;
  readonly addedAt: string;
  readonly createdBy: string;
  readonly hasSudo: boolean;
  readonly hasContainerRuntime: boolean;
}

/** Everybody's collaborators, oldest first: they outlive the container. */
export class CollaboratorStore {
  #all: readonly Collaborator[] = [];

  /** The collaborator of that name, if there is one. */
  find(owner: string, name: string): Collaborator | undefined {
    return this.of(owner).find(({ collaboratorUsername }) => collaboratorUsername === name);
  }

  /** Those of a container, newest first. */
  of(owner: string): readonly Collaborator[] {
    return this.#all.filter(({ ownerUsername }) => ownerUsername === owner).toReversed();
  }

  /** Adds one. */
  add(collaborator: Collaborator): void {
    this.#all = [...this.#all, collaborator];
  }

  /** Removes one. */
  remove(collaborator: Collaborator): void {
    this.#all = this.#all.filter((one) => one !== collaborator);
  }
}

function list({ world, caller, param }: Call): unknown {
  requireTenant(caller, param("username"));
  const collaborators = world.area(CollaboratorStore).of(param("username"));
  return { collaborators, totalCount: collaborators.length };
}

function add({ world, caller, param, body }: Call): unknown {
  const sent = body(addFields);
  const owner = param("username");
  requireTenant(caller, owner);
  const name = sent.collaboratorUsername;
  if (name === "") throw goError("collaborator_username is required");
  const keys = sent.sshPublicKeys.length > 0 ? sent.sshPublicKeys : [sent.sshPublicKey];
  if (keys.every((key) => key === "")) {
    throw goError("at least one of ssh_public_keys or ssh_public_key is required");
  }
  const accountName = `${owner}-container-${name}`;
  const store = world.area(CollaboratorStore);
  const problem = nameProblem(name, accountName) ??
    (world.store.find(owner) === undefined
      ? `container not found: failed to get container: ${notFoundText(owner)}`
      : undefined) ??
    keysProblem(keys) ??
    (store.find(owner, name) === undefined
      ? undefined
      : "failed to store collaborator: collaborator already exists");
  if (problem !== undefined) throw goError(`failed to add collaborator: ${problem}`);
  const collaborator: Collaborator = {
    id: crypto.randomUUID(),
    containerName: `${owner}-container`,
    ownerUsername: owner,
    collaboratorUsername: name,
    accountName,
    sshPublicKey: keys.join("\n"),
    addedAt: String(Math.floor(Date.now() / 1000)),
    createdBy: owner,
    hasSudo: sent.grantSudo,
    hasContainerRuntime: sent.grantContainerRuntime,
  };
  store.add(collaborator);
  return {
    message: `Collaborator ${name} added to ${owner}-container`,
    collaborator,
    sshCommand: `ssh -J ${accountName}@jumpserver ${accountName}@<container-ip>`,
  };
}

function nameProblem(name: string, accountName: string): string | undefined {
  if (!/^[a-z0-9_-]+$/i.test(name)) {
    return "invalid collaborator username: must contain only letters, numbers, dash, and underscore";
  }
  return accountName.length <= 32
    ? undefined
    : `account name "${accountName}" exceeds Linux 32-character limit (${accountName.length} chars); use shorter usernames`;
}

function keysProblem(keys: readonly string[]): string | undefined {
  const problem = keys.map(publicKeyProblem).find((one) => one !== undefined);
  return problem === undefined
    ? undefined
    : `failed to create collaborator user in container: failed to add SSH keys: invalid SSH key: ${problem}`;
}

function remove({ world, caller, param }: Call): unknown {
  const owner = param("username");
  requireTenant(caller, owner);
  const store = world.area(CollaboratorStore);
  const collaborator = store.find(owner, param("collaborator"));
  if (collaborator === undefined) {
    throw goError(
      "failed to remove collaborator: failed to remove collaborator from database: collaborator not found",
    );
  }
  store.remove(collaborator);
  return {
    message: `Collaborator ${collaborator.collaboratorUsername} removed from ${owner}-container`,
  };
}

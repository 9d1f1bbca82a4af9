/** Secrets of containers: their store, and how they get into a container. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { type Container, isoSeconds } from "./container.ts";
import { choice, text } from "./protojson.ts";
import { goError, GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import type { SecretDelivery } from "./types.ts";
import type { World } from "./world.ts";

/** Secrets. */
export const secretRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/secrets", handle: setSecret },
  { method: "GET", pattern: "/v1/secrets/{username}", handle: listSecrets },
  { method: "GET", pattern: "/v1/secrets/{username}/{name}", handle: getSecret },
  { method: "DELETE", pattern: "/v1/secrets/{username}/{name}", handle: deleteSecret },
  { method: "POST", pattern: "/v1/secrets/{username}/refresh", handle: refreshSecrets },
].map((route) => ({ ...route, since: "0.67.0" }));

const deliveryModes = [
  "SECRET_DELIVERY_UNSPECIFIED",
  "SECRET_DELIVERY_ENV",
  "SECRET_DELIVERY_FILE",
  "SECRET_DELIVERY_COMPOSE",
];
const setFields = {
  username: text,
  name: text,
  value: text,
  delivery: text,
  deliveryMode: choice(deliveryModes),
};
const maxValueBytes = 64 * 1024;

/** One secret. */
interface Secret {
  readonly username: string;
  readonly name: string;
  readonly value: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly delivery: SecretDelivery;
  /** Kept under the KMS's key rather than under the daemon's own. */
  readonly enveloped: boolean;
}

/** The secrets by username: they outlive the container. */
export class SecretStore {
  readonly #secrets = new Map<string, Secret>();
  readonly #enveloping: boolean;

  constructor({ services }: World) {
    this.#enveloping = services.kms !== "none";
    for (const { username, name, value, delivery = "env", legacy = false } of services.secrets) {
      this.set({ username, name, value, delivery });
      if (legacy) this.#change(username, name, { enveloped: false });
    }
  }

  /** That user's, by name. */
  list(username: string): readonly Secret[] {
    return this.all().filter((secret) => secret.username === username)
      .sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Everybody's. */
  all(): readonly Secret[] {
    return [...this.#secrets.values()];
  }

  /** The secret, or the 404. */
  demand(username: string, name: string): Secret {
    const secret = this.#secrets.get(keyOf(username, name));
    if (secret === undefined) throw new GrpcError("NotFound", "secret not found");
    return secret;
  }

  /** Adds one, or gives it a new version. */
  set(sent: Pick<Secret, "username" | "name" | "value" | "delivery">): Secret {
    const key = keyOf(sent.username, sent.name);
    const before = this.#secrets.get(key);
    const now = isoSeconds(Date.now());
    const secret: Secret = {
      ...sent,
      version: (before?.version ?? 0) + 1,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
      enveloped: this.#enveloping,
    };
    this.#secrets.set(key, secret);
    return secret;
  }

  /** Removes one, if it is there. */
  remove(username: string, name: string): void {
    this.#secrets.delete(keyOf(username, name));
  }

  /** Puts one under the KMS's key. */
  envelop({ username, name }: Secret): void {
    this.#change(username, name, { enveloped: true, updatedAt: isoSeconds(Date.now()) });
  }

  #change(username: string, name: string, change: Partial<Secret>): void {
    this.#secrets.set(keyOf(username, name), { ...this.demand(username, name), ...change });
  }
}

function keyOf(username: string, name: string): string {
  return `${username}/${name}`;
}

/** The store, unless the daemon has none. */
export function demandSecretStore(world: World): SecretStore {
  if (world.services.postgres && world.services.appHosting) return world.area(SecretStore);
  throw new GrpcError("Unavailable", "secrets store not configured on this daemon");
}

/** Puts a container's secrets into it; what was there and is no secret any more stays, but for compose. */
export function deliverSecrets(container: Container, world: World): number {
  if (!world.services.postgres || !world.services.appHosting) return 0;
  const { env, files, compose } = container.delivered;
  const secrets = world.area(SecretStore).list(container.username);
  compose.clear();
  for (const { name, value, delivery } of secrets) {
    const place = { env, file: files, compose }[delivery];
    place.set(name, value.split("\0", 1)[0] ?? "");
  }
  world.onDelivery?.(container.username);
  return secrets.length;
}

/** Refuses a start that its secrets make impossible: nothing is found without a PATH. */
export function refuseBrokenEnvironment(container: Container): void {
  if (!container.delivered.env.has("PATH")) return;
  throw goError(
    "failed to start container: failed to start container after env update: command failed: exit status 1",
  );
}

function setSecret({ world, caller, body }: Call): unknown {
  const { username, name, value, delivery, deliveryMode } = body(setFields);
  requireScope(caller, "secrets:write");
  const store = demandSecretStore(world);
  if (username === "") throw new GrpcError("InvalidArgument", "username is required");
  requireTenant(caller, username);
  const chosen = chosenDelivery(delivery, deliveryMode);
  checkName(name);
  if (new TextEncoder().encode(value).length > maxValueBytes) {
    throw new GrpcError("InvalidArgument", "secrets: value exceeds 64 KiB limit");
  }
  const secret = store.set({ username, name, value, delivery: chosen });
  const { version } = secret;
  return {
    message: version === 1 ? "secret created" : `secret updated to version ${version}`,
    secret: writeSecret(secret),
  };
}

/** Out of the older field and the newer one; a mode that is not known is the default. */
function chosenDelivery(delivery: string, deliveryMode: string): SecretDelivery {
  const mode = deliveries.find((one) => modeOf(one) === deliveryMode);
  if (mode !== undefined && delivery !== "" && delivery !== mode) {
    throw new GrpcError(
      "InvalidArgument",
      `delivery_mode (${deliveryMode}) and delivery ("${delivery}") disagree; set one or make them match`,
    );
  }
  const old = deliveries.find((one) => one === delivery);
  if (delivery !== "" && old === undefined) {
    throw new GrpcError(
      "Internal",
      `secrets: delivery must be "env", "file", or "compose"; got "${delivery}"`,
    );
  }
  return mode ?? old ?? "env";
}

const deliveries: readonly SecretDelivery[] = ["env", "file", "compose"];

function modeOf(delivery: SecretDelivery): string {
  return `SECRET_DELIVERY_${delivery.toUpperCase()}`;
}

function checkName(name: string): void {
  if (/^[A-Z_][A-Z0-9_]{0,127}$/.test(name)) return;
  throw new GrpcError(
    "InvalidArgument",
    "secrets: name must match ^[A-Z_][A-Z0-9_]*$ and be at most 128 chars",
  );
}

function writeSecret(secret: Secret): Record<string, unknown> {
  const { username, name, version, createdAt, updatedAt, delivery } = secret;
  return {
    ...{ username, name, version, createdAt, updatedAt, delivery },
    deliveryMode: modeOf(delivery),
  };
}

/** The store, if the caller may do that with the secrets of the user in the path. */
function allowed({ world, caller, param }: Call, scope: string): SecretStore {
  requireScope(caller, scope);
  const store = demandSecretStore(world);
  requireTenant(caller, param("username"));
  return store;
}

function listSecrets(call: Call): unknown {
  const store = allowed(call, "secrets:read");
  return { secrets: store.list(call.param("username")).map(writeSecret) };
}

function getSecret(call: Call): unknown {
  const store = allowed(call, "secrets:read");
  checkName(call.param("name"));
  const secret = store.demand(call.param("username"), call.param("name"));
  return { secret: writeSecret(secret), value: secret.value };
}

function deleteSecret(call: Call): unknown {
  const store = allowed(call, "secrets:write");
  const [username, name] = [call.param("username"), call.param("name")];
  checkName(name);
  store.demand(username, name);
  store.remove(username, name);
  return { message: `secret ${name} deleted` };
}

function refreshSecrets(call: Call): unknown {
  call.body({ username: text });
  allowed(call, "secrets:write");
  const username = call.param("username");
  const container = call.world.store.find(username);
  const stamped = container === undefined ? 0 : deliverSecrets(container, call.world);
  return {
    message:
      `re-stamped ${stamped} secret(s) on ${username}-container; new execs will see updated values`,
    stamped,
  };
}

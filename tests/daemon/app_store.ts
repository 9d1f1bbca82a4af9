/** The apps of all users. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { RouteTable } from "./route_table.ts";
import { GrpcError } from "./reply.ts";
import type { Call } from "./route.ts";
import type { World } from "./world.ts";

/** One app. */
export interface App {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly subdomain: string;
  port: number;
  state: "APP_STATE_RUNNING" | "APP_STATE_STOPPED" | "APP_STATE_FAILED";
  envVars: Readonly<Record<string, string>>;
  containerImage: string;
  readonly createdAt: string;
  updatedAt: string;
  deployedAt: string | null;
  errorMessage: string;
  restartCount: number;
}

/** All of them, oldest first. */
export class AppStore {
  #apps: readonly App[] = [];

  /** The newest first. */
  list(): readonly App[] {
    return this.#apps.toReversed();
  }

  /** The app of that name. */
  find(username: string, name: string): App | undefined {
    return this.#apps.find((app) => app.username === username && app.name === name);
  }

  /** Adds one, unless another has its subdomain. */
  add(app: App): void {
    if (this.#apps.some(({ subdomain }) => subdomain === app.subdomain)) {
      throw internal("deployment failed: failed to save app: app already exists");
    }
    this.#apps = [...this.#apps, app];
  }

  /** Removes one. */
  remove(app: App): void {
    this.#apps = this.#apps.filter((one) => one !== app);
  }
}

/** An error of what went wrong inside. */
export function internal(problem: string): GrpcError {
  return new GrpcError("Internal", problem);
}

/** The app in the path, if the caller may do that with it. */
export function demandApp(call: Call, verb: "read" | "write", failedTo: string): App {
  const { world, caller, param } = call;
  requireScope(caller, `containers:${verb}`);
  requireTenant(caller, param("username"));
  const app = world.area(AppStore).find(param("username"), param("appName"));
  if (app === undefined) throw internal(`${failedTo}: app not found: app not found`);
  return app;
}

/** Why nothing can be done with the app's podman container; undefined when something can. */
export function podmanProblem({ username }: App, world: World): string | undefined {
  const container = world.store.find(username);
  if (container?.state !== "CONTAINER_STATE_RUNNING") {
    return "failed to execute command: Instance is not running";
  }
  return world.services.podman ? undefined : "command execution failed: Command not found";
}

/** An app on the wire. */
export function writeApp(app: App, world: World): Record<string, unknown> {
  const { id, name, username, subdomain, port, state, containerImage, envVars } = app;
  const { createdAt, updatedAt, deployedAt, errorMessage, restartCount } = app;
  return {
    ...{ id, name, username, containerName: `${username}-container`, subdomain },
    fullDomain: world.area(RouteTable).fullDomain(subdomain),
    ...{ port, state, containerImage, dockerfilePath: "", envVars, createdAt, updatedAt },
    ...{ deployedAt, errorMessage, restartCount, containerIp: "" },
    ...{ aclPreset: "ACL_PRESET_UNSPECIFIED", route: null, resources: null },
  };
}

/** Apps: programs in podman containers inside their user's container. @module */

import { deployApp } from "./app_deploy.ts";
import { AppStore, demandApp, internal, podmanProblem, writeApp } from "./app_store.ts";
import { requireScope, requireTenant } from "./auth.ts";
import { text } from "./protojson.ts";
import { queryChoice } from "./parameters.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";

/** Apps; a daemon without app hosting does not have the service. */
export const appRoutes: readonly Route[] = [
  { method: "POST", pattern: "/v1/apps", handle: deployApp },
  { method: "GET", pattern: "/v1/apps", handle: listApps },
  { method: "GET", pattern: "/v1/apps/{username}/{appName}", handle: getApp },
  { method: "DELETE", pattern: "/v1/apps/{username}/{appName}", handle: deleteApp },
  { method: "POST", pattern: "/v1/apps/{username}/{appName}/stop", handle: stopApp },
  { method: "POST", pattern: "/v1/apps/{username}/{appName}/start", handle: startApp },
  { method: "POST", pattern: "/v1/apps/{username}/{appName}/restart", handle: restartApp },
  { method: "GET", pattern: "/v1/apps/{username}/{appName}/logs", stream: true, handle: getLogs },
].map(({ handle, ...route }): Route => ({
  ...route,
  since: "0.67.0",
  handle: (call) => {
    const { postgres, appHosting } = call.world.services;
    if (postgres && appHosting) return handle(call);
    throw new GrpcError("Unimplemented", "unknown service containarium.v1.AppService");
  },
}));

const appStates = [
  "APP_STATE_UNSPECIFIED",
  "APP_STATE_UPLOADING",
  "APP_STATE_BUILDING",
  "APP_STATE_RUNNING",
  "APP_STATE_STOPPED",
  "APP_STATE_FAILED",
  "APP_STATE_RESTARTING",
];
const nameFields = { username: text, appName: text };

function listApps({ world, caller, query }: Call): unknown {
  const state = queryChoice(query, "stateFilter", appStates);
  requireScope(caller, "containers:read");
  const asked = query.get("username") ?? "";
  if (asked !== "") requireTenant(caller, asked);
  const username = caller.admin ? asked : caller.username;
  const apps = world.area(AppStore).list().filter((app) =>
    (username === "" || app.username === username) &&
    (state === "" || state === appStates[0] || app.state === state)
  );
  return { apps: apps.map((app) => writeApp(app, world)), totalCount: apps.length };
}

function getApp({ world, caller, param }: Call): unknown {
  requireScope(caller, "containers:read");
  requireTenant(caller, param("username"));
  const app = world.area(AppStore).find(param("username"), param("appName"));
  if (app !== undefined) return { app: writeApp(app, world) };
  throw new GrpcError("NotFound", `app not found: ${param("username")}/${param("appName")}`);
}

function deleteApp(call: Call): unknown {
  const app = demandApp(call, "write", "failed to delete app");
  call.world.area(AppStore).remove(app);
  return { message: `Application ${app.name} deleted` };
}

function stopApp(call: Call): unknown {
  call.body(nameFields);
  const app = demandApp(call, "write", "failed to stop app");
  if (app.state !== "APP_STATE_RUNNING") {
    throw internal(`failed to stop app: app is not running (current state: ${app.state})`);
  }
  const problem = podmanProblem(app, call.world);
  if (problem !== undefined) {
    throw internal(`failed to stop app: failed to stop podman container: ${problem}`);
  }
  app.state = "APP_STATE_STOPPED";
  return { app: writeApp(app, call.world), message: `Application ${app.name} stopped` };
}

function startApp(call: Call): unknown {
  call.body(nameFields);
  const app = demandApp(call, "write", "failed to start app");
  if (app.state !== "APP_STATE_STOPPED") {
    throw internal(`failed to start app: app is not stopped (current state: ${app.state})`);
  }
  const problem = podmanProblem(app, call.world);
  if (problem !== undefined) {
    throw internal(`failed to start app: failed to start podman container: ${problem}`);
  }
  app.state = "APP_STATE_RUNNING";
  return { app: writeApp(app, call.world), message: `Application ${app.name} started` };
}

function restartApp(call: Call): unknown {
  call.body(nameFields);
  const app = demandApp(call, "write", "failed to restart app");
  const problem = podmanProblem(app, call.world);
  if (problem !== undefined) {
    app.errorMessage = `restart failed: ${problem}`;
    throw internal(`failed to restart app: failed to restart podman container: ${problem}`);
  }
  app.state = "APP_STATE_RUNNING";
  app.restartCount += 1;
  return { app: writeApp(app, call.world), message: `Application ${app.name} restarted` };
}

function getLogs(call: Call): unknown {
  const app = demandApp(call, "read", "failed to get logs");
  const problem = podmanProblem(app, call.world);
  if (problem !== undefined) throw internal(`failed to get logs: failed to get logs: ${problem}`);
  return {
    logLines: ["line one", "line two", "", "warn", ""],
    timestamp: new Date().toISOString(),
  };
}

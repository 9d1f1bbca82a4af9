/** Deploying an app: its source is built in its user's container. @module */

import { type App, AppStore, internal, podmanProblem, writeApp } from "./app_store.ts";
import { requireScope, requireTenant } from "./auth.ts";
import { RouteTable } from "./route_table.ts";
import { byteField, flag, integer, message, text, textMap } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call } from "./route.ts";
import { notFoundText } from "./store.ts";
import { type Language, languageOf, namesIn } from "./tarball.ts";
import type { World } from "./world.ts";

const deployFields = {
  username: text,
  appName: text,
  sourceTarball: byteField,
  dockerfilePath: text,
  port: integer("int32"),
  envVars: textMap,
  subdomain: text,
  buildpack: message({
    nodeVersion: text,
    pythonVersion: text,
    goVersion: text,
    rustVersion: text,
    autoDetect: flag,
  }),
};

/** Builds and starts it. What fails leaves a failed app. */
export async function deployApp({ world, caller, body }: Call): Promise<unknown> {
  const { username, appName, sourceTarball, port, envVars, subdomain } = body(deployFields);
  requireScope(caller, "containers:write");
  if (username === "") throw required("username");
  requireTenant(caller, username);
  if (appName === "") throw required("app_name");
  if (sourceTarball.length === 0) throw required("source_tarball");
  checkContainer(username, world);
  if (!/^[a-z0-9-]+$/.test(appName)) {
    throw failed(
      "invalid app name: container name must contain only lowercase letters, numbers, and hyphens",
    );
  }
  const store = world.area(AppStore);
  const now = new Date().toISOString();
  const known = store.find(username, appName);
  const app: App = known ?? {
    id: crypto.randomUUID(),
    name: appName,
    username,
    subdomain: subdomain || `${username}-${appName}`,
    port: 0,
    state: "APP_STATE_FAILED",
    envVars: {},
    containerImage: "",
    createdAt: now,
    updatedAt: now,
    deployedAt: null,
    errorMessage: "",
    restartCount: 0,
  };
  if (known === undefined) store.add(app);
  app.port = port || 3000;
  app.envVars = envVars;
  const language = await build(app, sourceTarball, world);
  world.area(RouteTable).serveUntilSync(app.subdomain, username);
  const domain = world.area(RouteTable).fullDomain(app.subdomain);
  return {
    app: writeApp(app, world),
    message: `Application ${appName} deployed successfully at https://${domain}`,
    buildLogUrl: "",
    detectedLanguage: language,
  };
}

function checkContainer(username: string, world: World): void {
  const container = world.store.find(username);
  if (container === undefined) {
    throw failed(`user container not found: failed to get container: ${notFoundText(username)}`);
  }
  if (container.state !== "CONTAINER_STATE_RUNNING") {
    throw failed("user container is not running");
  }
}

async function build(
  app: App,
  source: Uint8Array<ArrayBuffer>,
  world: World,
): Promise<Language> {
  const names = await namesIn(source);
  const fail = (problem: string) => {
    app.errorMessage = problem;
    app.state = "APP_STATE_FAILED";
    return failed(problem);
  };
  if ("problem" in names) throw fail(`failed to extract source: ${names.problem}`);
  const language = languageOf(names);
  if (language === undefined) {
    throw fail(
      "failed to detect language: could not detect application type; supported languages are Node.js (package.json), Python (requirements.txt, Pipfile, pyproject.toml), Go (go.mod), Rust (Cargo.toml), Ruby (Gemfile), PHP (composer.json), Static (index.html) — or provide a Dockerfile manually",
    );
  }
  const problem = podmanProblem(app, world);
  if (problem !== undefined) {
    throw fail(`build failed: podman build failed: ${problem}\nOutput: `);
  }
  const now = new Date().toISOString();
  app.state = "APP_STATE_RUNNING";
  app.containerImage = `${app.username}/${app.name}:latest`;
  app.errorMessage = "";
  app.updatedAt = now;
  app.deployedAt = now;
  return language;
}

function failed(problem: string): GrpcError {
  return internal(`deployment failed: ${problem}`);
}

function required(name: string): GrpcError {
  return new GrpcError("InvalidArgument", `${name} is required`);
}

/** The recipes: applications, each in a new container of its own. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { writeContainer } from "./container.ts";
import { createWithin } from "./create.ts";
import { createFields } from "./create_fields.ts";
import { decodeBody, type Decoded, flag, message, text, textMap } from "./protojson.ts";
import recorded from "./recipes.json" with { type: "json" };
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import type { RecipeSeed } from "./types.ts";
import type { World } from "./world.ts";

/** Listing, reading and deploying. */
export const recipeRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/recipes", since: "0.67.0", handle: listRecipes },
  { method: "GET", pattern: "/v1/recipes/{id}", since: "0.67.0", handle: getRecipe },
  {
    method: "POST",
    pattern: "/v1/recipes/{recipe_id}/deploy",
    since: "0.67.0",
    handle: deployRecipe,
  },
];

type Recipe = typeof recorded[number];

const deployFields = {
  recipeId: text,
  name: text,
  gpu: text,
  pool: text,
  backendId: text,
  parameters: textMap,
  resourceOverrides: message({ cpu: text, memory: text, disk: text }),
  labels: textMap,
  async: flag,
};

type DeployRequest = Decoded<typeof deployFields>;

function listRecipes({ world, caller }: Call): unknown {
  requireScope(caller, "containers:read");
  return { recipes: recipesOf(world) };
}

function getRecipe({ world, caller, param }: Call): unknown {
  requireScope(caller, "containers:read");
  return { recipe: demandRecipe(world, param("id")) };
}

async function deployRecipe(call: Call): Promise<unknown> {
  const { world, caller, param } = call;
  const request = call.body(deployFields);
  requireScope(caller, "containers:write");
  const { name } = request;
  if (name === "") throw new GrpcError("InvalidArgument", "name is required");
  requireTenant(caller, name);
  const recipe = demandRecipe(world, param("recipe_id"));
  admitDeploy(recipe, request, world);
  await provision(recipe, request, world);
  const script = world.pace.through("post-start", name, world.delays.postStartMs);
  if (request.async) world.store.inBackground(script);
  else await script;
  const container = world.store.find(name);
  const done = `Recipe "${recipe.id}" deployed as ${name}-container`;
  const warning = recipe.ports.length === 0
    ? ""
    : "; warnings: routing is not enabled on this daemon; expose ports manually with 'containarium route add'";
  return {
    container: container === undefined ? null : writeContainer(container, "brief", world),
    url: "",
    message: request.async
      ? `Recipe "${recipe.id}" deploying as ${name}-container (post_start running in background)`
      : `${done}${warning}`,
  };
}

/** The daemon's own checks, in its order: parameters, GPU, placement. */
function admitDeploy(recipe: Recipe, request: DeployRequest, world: World): void {
  const { parameters, gpu, pool, backendId } = request;
  const refuse = (reason: string) => new GrpcError("InvalidArgument", reason);
  const lacking = recipe.parameters.find((parameter) =>
    parameter.required && (parameters[parameter.name] || parameter.default) === ""
  );
  if (lacking !== undefined) {
    throw refuse(`recipe "${recipe.id}" requires parameter "${lacking.name}"`);
  }
  if (recipe.requiresGpu && gpu === "") {
    throw refuse(
      `recipe "${recipe.id}" requires a GPU; pass --gpu (e.g. --gpu 0), deploying against the GPU backend's daemon`,
    );
  }
  if (pool !== "") {
    throw new GrpcError(
      "Unimplemented",
      "recipe deploy to a pool is not supported yet; point --server at the target backend's daemon",
    );
  }
  if (backendId !== "" && backendId !== world.hostname) {
    throw new GrpcError(
      "Unimplemented",
      `recipe deploy to remote backend "${backendId}" is not supported yet; point --server at that backend's daemon`,
    );
  }
}

/** A sync creation, whatever the request says. */
async function provision(recipe: Recipe, request: DeployRequest, world: World): Promise<void> {
  const { name, labels, gpu, resourceOverrides: wanted } = request;
  const { resources } = recipe;
  try {
    await createWithin({
      ...decodeBody(createFields, "", true),
      username: name,
      image: "images:ubuntu/24.04",
      enablePodman: true,
      resources: {
        cpu: wanted?.cpu || resources.cpu,
        memory: wanted?.memory || resources.memory,
        disk: wanted?.disk || resources.disk,
        storageClass: "",
        gpu: "",
        gpus: [],
      },
      labels,
      gpus: gpu === "" ? [] : [gpu],
    }, world);
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    const status = error.code === "Unknown" ? "" : `rpc error: code = ${error.code} desc = `;
    throw new GrpcError("Internal", `failed to provision container: ${status}${error.message}`);
  }
}

function demandRecipe(world: World, id: string): Recipe {
  const recipe = recipesOf(world).find((one) => one.id === id);
  if (recipe === undefined) throw new GrpcError("NotFound", `recipe not found: ${id}`);
  return recipe;
}

function recipesOf({ recipes }: World): readonly Recipe[] {
  return [...recorded, ...recipes.map(fromSeed)];
}

function fromSeed(seed: RecipeSeed): Recipe {
  return {
    id: seed.id,
    name: seed.id,
    description: seed.description ?? "A recipe of the simulator's",
    image: "images:ubuntu/24.04",
    requiresGpu: false,
    resources: seed.resources ?? { cpu: "", memory: "", disk: "" },
    ports: (seed.ports ?? []).map((containerPort) => ({ containerPort, subdomain: seed.id })),
    volumes: [],
    env: {},
    parameters: (seed.parameters ?? []).map((parameter) => ({
      label: parameter.name,
      type: "string",
      description: "",
      default: "",
      required: false,
      ...parameter,
    })),
    postStart: [...seed.postStart ?? []],
    modelGatewayProvider: "",
  };
}

/**
 * What a dry run shows of a creation besides its limits, defaults included.
 *
 * @module
 */
import { z } from "zod";
import type { Recipe } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import type { Creation } from "../creation/resolve.ts";
import { unlessEmpty } from "../lean.ts";
import { formatSeconds } from "../text/format.ts";
import { mapOf } from "../schema/map_of.ts";
import { renderLabels, shown } from "../schemas.ts";

/** Settings that a container would be created with, in a row. */
export const plan = z.strictObject({
  recipe: z.string().optional().describe("Recipe, which decides the rest"),
  image: z.string().optional().describe("Image; absent: by os or recipe"),
  os: z.string().optional().describe("Operating system"),
  docker: z.boolean().optional().describe("Whether containers may run inside it"),
  ttl_seconds: z.number().optional().describe("Deleted after this long; absent: never"),
  labels: mapOf(z.string(), z.string()).optional().describe("Labels; absent: none"),
  pool: z.string().optional().describe("Pool of hosts that would hold it"),
  stack: z.string().optional().describe("Stack that would be installed"),
  post_create: z.number().optional().describe("How many commands its template would run in it"),
});

type Plan = z.infer<typeof plan>;

/** Returns the settings that a container would be created with, without any that may be secret. */
export function planAnswer({ make, postCreate }: Creation<Recipe>): Plan {
  const labels = Object.entries(make.options.labels ?? {})
    .map(([key, value]): [string, string] => [visible(key), visible(value)]);
  const common = {
    labels: unlessEmpty(Object.fromEntries(labels)),
    "post_create": unlessEmpty(postCreate.length),
  };
  if (make.kind === "recipe") return { recipe: visible(make.recipe.id), ...common };
  const { image, os, enablePodman, ttlSeconds, pool, stack } = make.options;
  return {
    image: os === undefined ? shown(image) : undefined,
    os,
    docker: enablePodman ?? false,
    ttl_seconds: ttlSeconds,
    ...common,
    pool: shown(pool),
    stack: shown(stack),
  };
}

/** Returns a plan as one cell of a table. */
export function renderPlan(from: Plan): string {
  return [
    from.recipe === undefined ? undefined : `recipe ${from.recipe}`,
    from.image ?? from.os,
    from.docker === undefined ? undefined : from.docker ? "docker" : "no docker",
    from.ttl_seconds === undefined ? undefined : `deleted after ${formatSeconds(from.ttl_seconds)}`,
    from.labels === undefined ? undefined : renderLabels(from.labels),
    from.pool === undefined ? undefined : `pool ${from.pool}`,
    from.stack === undefined ? undefined : `stack ${from.stack}`,
    from.post_create === undefined ? undefined : `commands of its template: ${from.post_create}`,
  ].filter((part) => part !== undefined).join(", ");
}

import { z } from "zod";
import { ContainariumError, osTypes } from "../../client/mod.ts";
import { unlessEmpty } from "../lean.ts";
import { defineTool } from "../tool.ts";
import { ownAnswer, ownTemplate, renderOwn } from "./user_template.ts";
import {
  operatingSystem,
  osAnswer,
  recipe,
  recipeAnswer,
  renderRecipe,
  renderStack,
  stack,
  stackAnswer,
} from "./catalog.ts";

/** Lists what containers can be made from; `GET /v1/stacks`, `GET /v1/recipes`. */
export const listTemplates = defineTool({
  name: "list_templates",
  title: "List templates",
  description: "List what can be deployed: the user's own templates, and the daemon's recipes " +
    "(apps), stacks and operating systems with their parameters.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  input: z.strictObject({}),
  output: z.strictObject({
    templates: z.array(ownTemplate).optional().describe("The user's own; absent: none"),
    recipes: z.array(recipe).optional()
      .describe("Applications, each in a new container of its own; absent: none"),
    stacks: z.array(stack).optional()
      .describe("Software to install in a container; absent: none"),
    os: z.array(operatingSystem).describe("Operating systems"),
    unsupported: z.array(z.enum(["recipes", "stacks"])).optional()
      .describe("What the daemon is too old for; absent: nothing"),
  }),

  run: async (_args, { client, policy, signal }) => {
    const [{ templates }, recipes, stacks] = await Promise.all([
      policy(),
      orTooOld(client.recipes.list({ signal })),
      orTooOld(client.stacks.list({ signal })),
    ]);
    return {
      templates: unlessEmpty([...templates.values()].map(ownAnswer)),
      recipes: unlessEmpty((recipes ?? []).map(recipeAnswer)),
      stacks: unlessEmpty((stacks ?? []).map(stackAnswer)),
      os: osTypes.map(osAnswer),
      unsupported: unlessEmpty([
        ...(recipes === undefined ? ["recipes" as const] : []),
        ...(stacks === undefined ? ["stacks" as const] : []),
      ]),
    };
  },

  // One section each; the user's own templates come first.
  render: ({ templates = [], recipes = [], stacks = [], os, unsupported = [] }) =>
    [
      section("Templates, for create_container(template=…)", templates.map(renderOwn)),
      section("Recipes, for create_from_recipe", recipes.map(renderRecipe)),
      section("Stacks, for install_stack", stacks.map(renderStack)),
      section(
        "Operating systems, for create_container(os=…)",
        os.map(({ name, image }) => `${name}: ${image}`),
      ),
      unsupported.length === 0 ? "" : `This daemon is too old for ${unsupported.join(" and ")}.`,
    ].filter((part) => part !== "").join("\n\n"),
});

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`# ${title}`, ...lines].join("\n");
}

/** A daemon that is too old for recipes may support stacks. */
async function orTooOld<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "unsupported") return undefined;
    throw error;
  }
}

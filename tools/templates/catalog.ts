/**
 * The daemon's catalog as tools return it: stacks, recipes, operating systems.
 *
 * @module
 */
import { z } from "zod";
import type { CatalogParameter, OsType, Recipe, Stack } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { shown } from "../schemas.ts";

const parameter = z.strictObject({
  name: z.string().describe("Name"),
  type: z.string().describe("string, password, …"),
  default: z.string().optional().describe("Default value; hidden for a password"),
  required: z.boolean().optional()
    .describe("Whether a value is required, which can be the default; absent: false"),
  description: z.string().optional().describe("What it is for"),
});

/** A stack in a result. */
export const stack = z.strictObject({
  id: z.string().describe("For install_stack"),
  description: z.string().describe("What it installs"),
  parameters: z.array(parameter).optional()
    .describe("Set only at creation, by a template; absent: none"),
});

/** A recipe in a result. */
export const recipe = z.strictObject({
  id: z.string().describe("For create_from_recipe"),
  description: z.string().describe("What it sets up"),
  requires_gpu: z.boolean().optional().describe("Whether it needs gpu; absent: false"),
  cpu: z.string().optional().describe("Default CPU limit"),
  memory: z.string().optional().describe("Default memory limit"),
  disk: z.string().optional().describe("Default disk limit"),
  ports: z.array(z.number()).optional().describe("Ports that it listens on; absent: none"),
  parameters: z.array(parameter).optional().describe("What can be set; absent: nothing"),
});

/** An operating system in a result. */
export const operatingSystem = z.strictObject({
  name: z.string().describe("For create_container's os"),
  image: z.string().describe("Image; local: ones only where the host has them"),
});

type ParameterAnswer = z.output<typeof parameter>;

function parameterAnswer(from: CatalogParameter): ParameterAnswer {
  const { name, type, required, default: byDefault, description } = from;
  return {
    name: visible(name),
    type: visible(type),
    default: byDefault !== undefined && type === "password" ? "(hidden)" : shown(byDefault),
    required: unlessEmpty(required),
    description: shown(description),
  };
}

/** Returns a stack as a result has it. */
export function stackAnswer({ id, description, parameters }: Stack): z.output<typeof stack> {
  return {
    id: visible(id),
    description: visible(description),
    parameters: unlessEmpty(parameters.map(parameterAnswer)),
  };
}

/** Returns a recipe as a result has it. */
export function recipeAnswer(from: Recipe): z.output<typeof recipe> {
  const { cpu, memory, disk } = from.limits;
  return {
    id: visible(from.id),
    description: visible(from.description),
    requires_gpu: unlessEmpty(from.requiresGpu),
    cpu: shown(cpu),
    memory: shown(memory),
    disk: shown(disk),
    ports: unlessEmpty([...from.ports]),
    parameters: unlessEmpty(from.parameters.map(parameterAnswer)),
  };
}

/** Returns an operating system as a result has it. */
export function osAnswer({ name, image }: OsType): z.output<typeof operatingSystem> {
  return { name, image };
}

/** Returns a stack in one line, plus one line per parameter. */
export function renderStack({ id, description, parameters = [] }: z.output<typeof stack>): string {
  return [`${id}: ${description}`, ...parameters.map(renderParameter)].join("\n");
}

/** Returns a recipe in one line, plus one line per parameter. */
export function renderRecipe(from: z.output<typeof recipe>): string {
  const { ports = [], parameters = [] } = from;
  const needs = [
    from.requires_gpu === true ? "needs gpu" : "",
    [from.cpu === undefined ? "" : `${from.cpu} CPUs`, from.memory, from.disk]
      .filter((limit) => limit !== undefined && limit !== "").join(" "),
    ports.length === 0 ? "" : `port ${ports.join(" ")}`,
  ].filter((need) => need !== "").join("; ");
  const first = `${from.id}: ${from.description}${needs === "" ? "" : ` (${needs})`}`;
  return [first, ...parameters.map(renderParameter)].join("\n");
}

function renderParameter(from: ParameterAnswer): string {
  const { name, type, required, default: byDefault, description } = from;
  const facts = [
    type,
    required === true ? "required" : "",
    byDefault === undefined ? "" : `default ${byDefault}`,
  ].filter((fact) => fact !== "").join(", ");
  return `  ${name} (${facts})${description === undefined ? "" : `: ${description}`}`;
}

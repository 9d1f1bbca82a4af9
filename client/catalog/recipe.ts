import type { Limits } from "../containers/container.ts";
import {
  readFlag,
  readList,
  readNumber,
  readObject,
  readOptionalObject,
  readText,
} from "../wire.ts";

/** A parameter of a stack or a recipe. Absent fields were not reported by the daemon. */
export interface CatalogParameter {
  /** Its name. */
  readonly name: string;
  /** What it is for. */
  readonly description?: string | undefined;
  /** Its kind: `string`, `password`. */
  readonly type: string;
  /** Value if none is given. */
  readonly default?: string | undefined;
  /** Whether it must have a value; its default is one. */
  readonly required: boolean;
}

/** Reads one parameter of a stack or a recipe. */
export function readParameter(value: unknown): CatalogParameter {
  const wire = readObject(value, "parameter");
  return {
    name: readText(wire.name) ?? "",
    type: readText(wire.type) ?? "string",
    required: readFlag(wire.required),
    description: readText(wire.description) ?? readText(wire.label),
    default: readText(wire.default),
  };
}

/** An application that the daemon sets up in a new container of its own. */
export interface Recipe {
  /** Its name for `deploy`: `ollama`. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** What it sets up. */
  readonly description: string;
  /** The image of the application; the container's own is the daemon's Ubuntu. */
  readonly image?: string | undefined;
  /** Whether it needs a GPU of the host. */
  readonly requiresGpu: boolean;
  /** Limits that it asks for, if any. */
  readonly limits: Limits;
  /** The ports that it listens on. */
  readonly ports: readonly number[];
  /** Its parameters. */
  readonly parameters: readonly CatalogParameter[];
  /** The commands that the daemon runs in the container once that is ready. */
  readonly postStart: readonly string[];
}

/** Reads the daemon's Recipe message. */
export function readRecipe(value: unknown): Recipe {
  const wire = readObject(value, "recipe");
  const id = readText(wire.id) ?? "";
  const resources = readOptionalObject(wire.resources, "resources");
  return {
    id,
    name: readText(wire.name) ?? id,
    description: readText(wire.description) ?? "",
    requiresGpu: readFlag(wire.requiresGpu),
    limits: {
      cpu: readText(resources?.cpu),
      memory: readText(resources?.memory),
      disk: readText(resources?.disk),
    },
    ports: readList(wire.ports, "ports")
      .map((port) => readNumber(readObject(port, "port").containerPort)),
    parameters: readList(wire.parameters, "parameters").map(readParameter),
    postStart: readList(wire.postStart, "postStart").map((line) => readText(line) ?? ""),
    image: readText(wire.image),
  };
}

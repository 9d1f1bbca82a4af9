import { present } from "../containers/container.ts";
import { readFlag, readObject, readText } from "../wire.ts";

/** What a stack or a recipe can be told. What is absent the daemon did not say. */
export interface CatalogueParameter {
  /** How it is called. */
  readonly name: string;
  /** What it is for. */
  readonly description?: string;
  /** Its kind: `string`, `password`. */
  readonly type: string;
  /** What it is when it is not given. */
  readonly default?: string;
  /** Whether it must have a value; its default is one. */
  readonly required: boolean;
}

/** Reads one parameter of a stack or a recipe. */
export function readParameter(value: unknown): CatalogueParameter {
  const wire = readObject(value, "parameter");
  return {
    name: readText(wire.name) ?? "",
    type: readText(wire.type) ?? "string",
    required: readFlag(wire.required),
    ...present({
      description: readText(wire.description) ?? readText(wire.label),
      default: readText(wire.default),
    }),
  };
}

import { present } from "../containers/container.ts";
import type { Limits } from "../containers/resize.ts";
import {
  readFlag,
  readList,
  readNumber,
  readObject,
  readOptionalObject,
  readText,
} from "../wire.ts";
import { type CatalogueParameter, readParameter } from "./parameters.ts";

/** An application that the daemon sets up in a new container of its own. */
export interface Recipe {
  /** How `deploy` is told it: `ollama`. */
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  /** What it sets up. */
  readonly description: string;
  /** The image of the application; the container's own is the daemon's Ubuntu. */
  readonly image?: string;
  /** Whether it needs a GPU of the host. */
  readonly requiresGpu: boolean;
  /** The limits that it asks for, where it does. */
  readonly limits: Limits;
  /** The ports that it listens on. */
  readonly ports: readonly number[];
  /** What it can be told. */
  readonly parameters: readonly CatalogueParameter[];
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
    limits: present({
      cpu: readText(resources?.cpu),
      memory: readText(resources?.memory),
      disk: readText(resources?.disk),
    }),
    ports: readList(wire.ports, "ports")
      .map((port) => readNumber(readObject(port, "port").containerPort)),
    parameters: readList(wire.parameters, "parameters").map(readParameter),
    postStart: readList(wire.postStart, "postStart").map((line) => readText(line) ?? ""),
    ...present({ image: readText(wire.image) }),
  };
}

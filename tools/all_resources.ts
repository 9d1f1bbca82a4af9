import { fleetViewResource } from "./fleet_view/fleet_view_resource.ts";
import { skills } from "./prompts/mod.ts";
import type { Resource } from "./resource.ts";
import { resources } from "./resources/mod.ts";

/** Every resource and template, from all folders, in the order in which it is listed. */
export const allResources: readonly Resource[] = [...resources, fleetViewResource, ...skills];

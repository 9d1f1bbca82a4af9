/**
 * What can be read by its address: the fleet, each container, and the host.
 *
 * @module
 */
import type { Resource } from "../resource.ts";
import { containerResource } from "./container_resource.ts";
import { containersResource } from "./containers_resource.ts";

/** Every resource and template, in the order in which it is listed. */
export const resources: readonly Resource[] = [containersResource, containerResource];

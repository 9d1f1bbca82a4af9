/**
 * Several containers at a time: create, delete, start and stop them, and report on each.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { createContainers } from "./create_containers.ts";
import { deleteContainers } from "./delete_containers.ts";
import { startContainers } from "./start_containers.ts";
import { stopContainers } from "./stop_containers.ts";

/** The toolset `bulk`, in the order in which it is listed. */
export const bulkTools: readonly Tool[] = [
  createContainers,
  deleteContainers,
  startContainers,
  stopContainers,
];

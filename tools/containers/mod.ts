/**
 * Containers: create, list, get, start, stop, restart, resize, update, clean up, delete, undelete, and what they and the host use.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { cleanupDisk } from "./cleanup_disk.ts";
import { createContainer } from "./create_container.ts";
import { deleteContainer } from "./delete_container.ts";
import { getContainer } from "./get_container.ts";
import { getMetrics } from "./get_metrics.ts";
import { getSystemInfo } from "./get_system_info.ts";
import { listContainers } from "./list_containers.ts";
import { resizeContainer } from "./resize_container.ts";
import { restartContainer } from "./restart_container.ts";
import { startContainer } from "./start_container.ts";
import { stopContainer } from "./stop_container.ts";
import { undeleteContainer } from "./undelete_container.ts";
import { updateContainer } from "./update_container.ts";

/** The toolset `containers`, in the order in which it is listed. */
export const containerTools: readonly Tool[] = [
  createContainer,
  listContainers,
  getContainer,
  deleteContainer,
  undeleteContainer,
  startContainer,
  stopContainer,
  restartContainer,
  resizeContainer,
  updateContainer,
  cleanupDisk,
  getMetrics,
  getSystemInfo,
];

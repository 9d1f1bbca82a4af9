/**
 * Hosts (backends): list them, try their GPUs, and move containers between them.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { listBackends } from "./list_backends.ts";
import { moveContainer } from "./move_container.ts";
import { validateGpu } from "./validate_gpu.ts";

/** The toolset `fleet`, in the order in which it is listed. */
export const fleetTools: readonly Tool[] = [listBackends, validateGpu, moveContainer];

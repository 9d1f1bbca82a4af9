/**
 * What containers write down: their journal, log files, and the logs of podman's containers in them.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { getLogs } from "./get_logs.ts";

/** The toolset `logs`, in the order in which it is listed. */
export const logTools: readonly Tool[] = [getLogs];

/**
 * GitHub Actions' self-hosted runners, each in a container of its own.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { listRunners } from "./list_runners.ts";
import { provisionRunners } from "./provision_runners.ts";
import { removeRunner } from "./remove_runner.ts";

/** The toolset `runners`, in the order in which it is listed. */
export const runnerTools: readonly Tool[] = [provisionRunners, listRunners, removeRunner];

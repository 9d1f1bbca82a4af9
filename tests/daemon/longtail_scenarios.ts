/**
 * The recordings of the long tail. They were made one after the other on one daemon; what a stretch needs of the ones
 * before it is seeded, so that each runs by itself.
 *
 * @module
 */

import { boxScenarios } from "./box_scenarios.ts";
import { hostScenarios } from "./host_scenarios.ts";
import { networkScenarios } from "./network_scenarios.ts";
import { scanScenarios } from "./scan_scenarios.ts";
import type { Scenario } from "./scenarios.ts";

/** All of them. */
export const longTailScenarios: readonly Scenario[] = [
  ...networkScenarios,
  ...boxScenarios,
  ...scanScenarios,
  ...hostScenarios,
];

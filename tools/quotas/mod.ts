/**
 * What users and teams use, and what they may use.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { getQuotas } from "./get_quotas.ts";

/** The toolset `quotas`, in the order in which it is listed. */
export const quotaTools: readonly Tool[] = [getQuotas];

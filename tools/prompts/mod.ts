/**
 * Runbooks that a user starts by name.
 *
 * @module
 */
import type { Prompt } from "../prompt.ts";

/** Every prompt, in the order in which it is listed. */
export const prompts: readonly Prompt[] = [];

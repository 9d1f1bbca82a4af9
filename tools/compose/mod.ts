/**
 * Compose projects inside a container.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { manageCompose } from "./manage_compose.ts";

/** The toolset `compose`. */
export const composeTools: readonly Tool[] = [manageCompose];

/**
 * Files: folders of the user's machine and of containers.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { fetchFiles } from "./fetch_files.ts";
import { syncFiles } from "./sync_files.ts";

/** The toolset `files`, in the order in which it is listed. */
export const fileTools: readonly Tool[] = [syncFiles, fetchFiles];

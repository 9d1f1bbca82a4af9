/**
 * Everything else that the daemon can do: find an operation of its REST API, and call it.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { callApi } from "./call_api.ts";
import { searchApi } from "./search_api.ts";

/** The toolset `api`, in the order in which it is listed. */
export const apiTools: readonly Tool[] = [searchApi, callApi];

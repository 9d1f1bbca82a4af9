/**
 * Secrets of containers: list, show, set, delete.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { deleteSecret } from "./delete_secret.ts";
import { getSecret } from "./get_secret.ts";
import { listSecrets } from "./list_secrets.ts";
import { setSecret } from "./set_secret.ts";

/** The toolset `secrets`, in the order in which it is listed. */
export const secretTools: readonly Tool[] = [listSecrets, getSecret, setSecret, deleteSecret];

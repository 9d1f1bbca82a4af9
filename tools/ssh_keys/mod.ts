/**
 * SSH keys in containers and on the host: list, add, remove.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { addSshKey } from "./add_ssh_key.ts";
import { listSshKeys } from "./list_ssh_keys.ts";
import { removeSshKey } from "./remove_ssh_key.ts";

/** The toolset `ssh_keys`, in the order in which it is listed. */
export const sshKeyTools: readonly Tool[] = [listSshKeys, addSshKey, removeSshKey];

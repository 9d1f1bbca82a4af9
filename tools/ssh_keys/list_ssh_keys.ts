import { z } from "zod";
import { formatTable } from "../format.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { key, keyAnswer } from "./answer.ts";

const HOST =
  "not listed: the daemon has no way to list the keys of the account on the host, which " +
  "count where SSH goes through a sentinel";

const MOST_KEYS = 200;

/** Lists the keys in a container's `authorized_keys`. */
export const listSshKeys = defineTool({
  name: "list_ssh_keys",
  title: "List SSH keys",
  description: "List the SSH keys that may log in to a running container. " +
    "Those on the host (for a sentinel) cannot be listed.",
  effect: "read",
  idempotent: true,
  reach: "container",
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ username }),
  output: z.strictObject({
    keys: z.array(key.extend({ place: z.literal("container").describe("Where it is") })),
    omitted: z.number().describe("Keys beyond the first 200, which are not told"),
    unreadable: z.number().describe("Lines that SSH passes over, since they hold no key"),
    host: z.string().describe("Why the keys on the host are not here"),
  }),

  run: async ({ username }, { client, signal }) => {
    const { keys, unreadable } = await client.sshKeys.list(username, { signal });
    return {
      keys: keys.slice(0, MOST_KEYS).map((key) => ({
        ...keyAnswer(key),
        place: "container" as const,
      })),
      omitted: Math.max(0, keys.length - MOST_KEYS),
      unreadable,
      host: HOST,
    };
  },

  render: ({ keys, omitted, unreadable, host }) => {
    const columns = ["type", "fingerprint", "comment", "options"] as const;
    const table = keys.length === 0
      ? "No keys in the container: nobody can log in to it directly."
      : formatTable([...columns], keys.map((key) => columns.map((column) => key[column] ?? "")));
    const more = omitted === 0 ? "" : `\nand ${omitted} more keys`;
    const passedOver = unreadable === 0 ? "" : `\nLines that hold no key: ${unreadable}`;
    return `${table}${more}${passedOver}\nhost: ${host}`;
  },
});

import { z } from "zod";
import { formatTable } from "../text/format.ts";
import { unlessEmpty } from "../lean.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { key, keyAnswer } from "./key_answer.ts";

const HOST = "not listed: the daemon cannot list the keys of the account on the host, which " +
  "apply where SSH goes through a sentinel";

const MAX_KEYS = 200;

/** Lists the keys in a container's `authorized_keys`. */
export const listSshKeys = defineTool({
  name: "list_ssh_keys",
  title: "List SSH keys",
  description: "List who has SSH access to a running container: the keys that may log in. Those " +
    "on the host (for a sentinel) cannot be listed.",
  effect: "read",
  idempotent: true,
  reach: "container",
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ username }),
  output: z.strictObject({
    keys: z.array(key).describe("Those in the container"),
    omitted: z.number().optional().describe("Keys beyond the first 200; absent: 0"),
    unreadable: z.number().optional()
      .describe("Lines that hold no key, which SSH ignores; absent: 0"),
    host: z.string().describe("Why the host's keys are not listed"),
  }),

  run: async ({ username }, { client, signal }) => {
    const { keys, unreadable } = await client.sshKeys.list(username, { signal });
    return {
      keys: keys.slice(0, MAX_KEYS).map(keyAnswer),
      omitted: unlessEmpty(Math.max(0, keys.length - MAX_KEYS)),
      unreadable: unlessEmpty(unreadable),
      host: HOST,
    };
  },

  render: ({ keys, omitted = 0, unreadable = 0, host }) => {
    const columns = ["type", "fingerprint", "comment", "options"] as const;
    const table = keys.length === 0
      ? "No keys in the container: nobody can log in to it directly."
      : formatTable(columns, keys.map((key) => columns.map((column) => key[column] ?? "")));
    const more = omitted === 0 ? "" : `\nand ${omitted} more keys`;
    const passedOver = unreadable === 0 ? "" : `\nLines that hold no key: ${unreadable}`;
    return `${table}${more}${passedOver}\nhost: ${host}`;
  },
});

import { z } from "zod";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { change, changeAnswer, renderChange } from "./key_answer.ts";

/** Adds a key in the container and on the host: `POST /v1/containers/{username}/ssh-keys`. */
export const addSshKey = defineTool({
  name: "add_ssh_key",
  title: "Add SSH key",
  description: "Give someone SSH access (login): add a public key to the container's " +
    "authorized_keys, if it runs, and to the host's, for a sentinel. Only an operator can remove " +
    "a line with / in it from the host again.",
  effect: "write",
  idempotent: true,
  reach: "container",
  scopes: ["containers:read", "containers:write", "ssh:write"],
  input: z.strictObject({
    username,
    public_key: z.string().describe('Line of a .pub file, e.g. "ssh-ed25519 AAAA… alice@laptop"'),
    allow_options: z.boolean().default(false)
      .describe('Allow options (from="…") before the key'),
    places: z.array(z.enum(["container", "host"])).min(1).default(["container", "host"])
      .describe("Where to add it"),
  }),
  output: change,

  run: async (args, { client, signal }) => {
    const { username, public_key: line, allow_options: allowOptions, places } = args;
    const options = { allowOptions, places, signal };
    return changeAnswer(await client.sshKeys.add(username, line, options), "added");
  },

  render: renderChange,
});

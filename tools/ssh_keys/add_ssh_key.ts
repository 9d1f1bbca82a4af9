import { z } from "zod";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { change, changeAnswer, renderChange } from "./answer.ts";

/** Lets a key in, in the container and on the host; `POST /v1/containers/{username}/ssh-keys`. */
export const addSshKey = defineTool({
  name: "add_ssh_key",
  title: "Add SSH key",
  description:
    "Let an SSH key log in: in the container's authorized_keys, if it runs, and on the " +
    "host, for a sentinel.",
  effect: "write",
  idempotent: true,
  reach: "container",
  scopes: ["containers:read", "containers:write", "ssh:write"],
  input: z.strictObject({
    username,
    public_key: z.string().describe('Line of a .pub file, e.g. "ssh-ed25519 AAAA… alice@laptop"'),
    allow_options: z.boolean().default(false)
      .describe('Whether options (from="…") may stand before it'),
  }),
  output: change,

  run: async ({ username, public_key: line, allow_options: allowOptions }, { client, signal }) =>
    changeAnswer(await client.sshKeys.add(username, line, { allowOptions, signal })),

  render: renderChange,
});

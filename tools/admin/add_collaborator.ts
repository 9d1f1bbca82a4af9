import { z } from "zod";
import type { Container } from "../../client/mod.ts";
import { containerName } from "../../client/internal.ts";
import { sshKeyLine } from "../fields.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import {
  collaborator,
  collaboratorAnswer,
  collaboratorName,
  rightsOf,
} from "./collaborator_answer.ts";

/** Gives somebody an account in another's container; `POST /v1/containers/{username}/collaborators`. */
export const addCollaborator = defineTool({
  name: "add_collaborator",
  title: "Add collaborator",
  description:
    "Let another person into someone's container: give them access by an account of their own.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    collaborator: collaboratorName,
    public_keys: z.array(sshKeyLine)
      .refine(({ length }) => length >= 1 && length <= 16, "expected 1 to 16 keys")
      .describe("Lines of their .pub files"),
    sudo: z.boolean().default(false).describe("Let them do all that the owner can"),
    container_runtime: z.boolean().default(false).describe("Let them run containers in it"),
  }),
  output: z.strictObject({
    collaborator,
    ssh: z.string().optional()
      .describe("Login command, for where the address is reachable; absent: see notes"),
    notes: z.array(z.string()).describe("What to know about it"),
  }),

  consent: async (args, { client, signal }) => {
    const container = await client.containers.find(args.username, { signal });
    const agreed = { container };
    const { sudo, container_runtime: runtime, collaborator, username } = args;
    if (container === undefined || !(sudo || runtime)) return { agreed };
    const may = sudo ? "sudo there" : "run containers there";
    const means = sudo
      ? `They can then do whatever ${username} can, and read all data in it.`
      : "That is usually enough to become root in it.";
    return {
      question: {
        message: `Give ${collaborator} an account in ${containerName(username)} that may ${may}? ` +
          means,
        confirm: `Let ${collaborator} ${may}`,
      },
      agreed,
    };
  },

  run: async (args, { client, signal }, agreed) => {
    const { username, collaborator: name, public_keys: keys, sudo, container_runtime: runtime } =
      args;
    const options = { signal, agreed, hasSudo: sudo, hasContainerRuntime: runtime };
    const result = await client.collaborators.add(username, name, keys, options);
    const answer = await collaboratorAnswer(result.collaborator);
    const ssh = loginOf(result.collaborator.accountName, result.container);
    return { collaborator: answer, ssh, notes: notesOn(username, ssh) };
  },

  render: ({ collaborator: one, ssh, notes }) =>
    [
      `Added ${one.name}: account ${one.account}${
        rightsOf(one) === "" ? "" : ` (${rightsOf(one)})`
      }, ${one.keys.length === 1 ? "1 key" : `${one.keys.length} keys`}.`,
      ...(ssh === undefined ? [] : [ssh]),
      ...notes,
    ].join("\n"),
});

/** The daemon's own command has blanks in it. Behind a sentinel it is not known which way leads there. */
function loginOf(account: string, { sshHost, ipAddress }: Container): string | undefined {
  const isWord = /^[\w.:-]+$/;
  if (sshHost !== undefined || ipAddress === undefined) return undefined;
  return isWord.test(ipAddress) && isWord.test(account) ? `ssh ${account}@${ipAddress}` : undefined;
}

function notesOn(username: string, ssh: string | undefined): string[] {
  return [
    ...(ssh === undefined
      ? ["Ask the host's operator how this account logs in through the host."]
      : []),
    `The account belongs to the name: it stays when ${containerName(username)} is deleted, and a ` +
    "new container of that name lists it.",
  ];
}

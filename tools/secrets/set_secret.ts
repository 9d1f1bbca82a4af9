import { z } from "zod";
import { randomSecret, type SetSecretResult } from "../../client/mod.ts";
import { containerName, secretValueProblem } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { spelled, spellings } from "../schema/spellings.ts";
import { username } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import {
  delivery,
  newSecretName,
  remains,
  secret,
  secretAnswer,
  secretInQuestion,
} from "./secret_answer.ts";

/** Sets a secret and puts it into the container; `POST /v1/secrets`, `POST …/{username}/refresh`. */
export const setSecret = defineTool({
  name: "set_secret",
  title: "Set secret",
  description: "Store or change a container's secret: a password, an API key, a generated one.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "secrets:read", "secrets:write"],
  input: z.strictObject({
    username,
    name: newSecretName,
    value: z.string()
      .refine((value) => secretValueProblem(value) === undefined, {
        error: ({ input }) => secretValueProblem(String(input)),
      })
      .optional().describe("Its value"),
    generate: spellings.add(z.int().min(16).max(256), spelled({ true: "32" })).optional()
      .describe("Instead: length of a random one that nobody sees"),
    deliver: delivery.optional().describe(
      "A variable, /run/secrets/NAME, or Compose's env_file",
    ),
  }).refine(({ value, generate }) => (value === undefined) !== (generate === undefined), {
    error: "expected either value or generate, the length of a random one",
  }),
  output: z.strictObject({
    secret,
    replaced_version: z.number().optional().describe("Version before; absent: it is new"),
    generated: z.boolean().optional().describe("Whether the value is random; absent: false"),
    notes: z.array(z.string()).optional().describe("What to know about it; absent: nothing"),
  }),

  consent: async ({ username, name }, { client, signal }) => {
    const agreed = await client.secrets.look(username, name, { signal });
    const { secret, container } = agreed;
    if (secret === undefined || container === undefined) return { agreed };
    return {
      question: {
        message: `Replace ${secretInQuestion(username, secret)}? Its old value is lost.`,
        confirm: `Replace ${name}`,
      },
      agreed,
    };
  },

  run: async (args, { client, signal }, agreed) => {
    const { username, name, generate, deliver } = args;
    const value = generate === undefined ? args.value ?? "" : randomSecret(generate);
    const options = { signal, agreed, delivery: deliver };
    const result = await client.secrets.set(username, name, value, options);
    return {
      secret: secretAnswer(result.secret),
      replaced_version: result.replaced?.version,
      generated: unlessEmpty(generate !== undefined),
      notes: unlessEmpty(notesOn(username, result)),
    };
  },

  render: (
    { secret: { name, delivery, version }, replaced_version: before, generated, notes = [] },
  ) =>
    [
      `${
        before === undefined ? "Created" : "Replaced"
      } ${name} (${delivery}, version ${version}).` +
      (generated === true ? " Its value is random, and nobody has seen it." : ""),
      ...notes,
    ].join("\n"),
});

/** What is true after a success that the daemon reports without it. */
function notesOn(
  username: string,
  { secret, replaced, container: { state }, undelivered }: SetSecretResult,
): string[] {
  const box = containerName(username);
  const isMoved = replaced !== undefined && replaced.delivery !== secret.delivery;
  const left = isMoved ? remains(username, replaced) : undefined;
  return [
    ...(state === "running" ? [] : [`${box} is ${state}: it gets the secret when it starts.`]),
    ...(state === "running" && secret.delivery === "env"
      ? [
        "It is a variable of what Incus starts in the container from now on; what runs already keeps its old " +
        "environment. run_command and terminals are login shells, which clear it: deliver=file reaches them.",
      ]
      : []),
    ...(left === undefined ? [] : [`The old value stays ${left}.`]),
    ...(state === "running" && undelivered > 0
      ? [`The daemon could not put ${undelivered} of the secrets into ${box} now; it tries again.`]
      : []),
  ];
}

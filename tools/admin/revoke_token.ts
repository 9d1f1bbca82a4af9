import { z } from "zod";
import { ContainariumError } from "../../client/mod.ts";
import { notAgreed, tokenIdProblem } from "../../client/internal.ts";
import { quoted } from "../text/quoted.ts";
import { defineTool, type ToolContext } from "../tool.ts";

/** Has the daemon reject a token; `POST /v1/tokens/revoke`. */
export const revokeToken = defineTool({
  name: "revoke_token",
  title: "Revoke token",
  description: "Reject a lost or leaked token from now on, by its id (jti).",
  effect: "destroy",
  idempotent: true,
  scopes: ["tokens:write"],
  role: "admin",
  input: z.strictObject({
    // What is refused may be a token: it must not come back in an error.
    jti: z.string().check(({ value, issues }) => {
      const message = tokenIdProblem(value);
      if (message !== undefined) issues.push({ code: "custom", message, input: "" });
    }).optional().describe("The claim jti in the token; never the token itself"),
    own: z.boolean().default(false).describe("Instead: the token that this server uses"),
  }).refine(({ jti, own }) => (jti === undefined) === own, {
    error: "expected either jti or own=true",
  }),
  output: z.strictObject({
    jti: z.string().describe("Its id"),
    revoked: z.enum(["now", "before"]).describe("before: it was revoked already"),
    own: z.literal(true).optional().describe("True: it is the token that this server uses"),
    note: z.string().describe("What that means"),
  }),

  consent: async (args, context) => {
    const { client, signal } = context;
    const jti = await idOf(args, context);
    const isOwn = await client.revocations.isOwn(jti);
    const isRevoked = await client.revocations.find(jti, { signal }) !== undefined;
    const agreed = { jti, isOwn, isRevoked };
    if (isRevoked) return { agreed };
    const which = isOwn
      ? `the token that this server itself uses (jti ${quoted(jti)})`
      : `the token with the jti ${quoted(jti)}`;
    const lost = isOwn
      ? "This server, and whatever else uses it, then loses all access until it is given another " +
        "token."
      : "Whoever uses it is locked out at once.";
    return {
      question: {
        message: `Revoke ${which}? ${lost} That cannot be undone.`,
        confirm: isOwn ? "Revoke this server's own token" : `Revoke ${quoted(jti)}`,
      },
      agreed,
    };
  },

  run: async (args, context, agreed) => {
    const { client, signal } = context;
    const jti = agreed?.jti ?? await idOf(args, context);
    if (agreed?.isRevoked === true) return answer(jti, true, agreed.isOwn);
    if (agreed?.isOwn === false && await client.revocations.isOwn(jti)) {
      throw notAgreed("The revocation was not agreed to: this server uses that token by now");
    }
    const { wasRevoked, isOwn } = await client.revocations.revoke(jti, { signal });
    return answer(jti, wasRevoked, isOwn);
  },

  render: ({ jti, revoked, note }) =>
    `${revoked === "now" ? "Revoked" : "Already revoked"}: ${jti}. ${note}`,
});

async function idOf(
  { jti }: { readonly jti?: string | undefined },
  { client }: ToolContext,
): Promise<string> {
  const id = jti ?? (await client.tokenClaims())?.id;
  if (id !== undefined) return id;
  throw new ContainariumError(
    "failed_precondition",
    "The token of this server has no id (jti), so it cannot be revoked; it ends when it expires",
  );
}

function answer(jti: string, wasRevoked: boolean, isOwn: boolean) {
  return {
    jti,
    revoked: wasRevoked ? "before" as const : "now" as const,
    own: isOwn ? true as const : undefined,
    note: isOwn
      ? "The daemon rejects this server from now on: ask the user for a new token."
      : "The daemon keeps no list of tokens, so whether one has this jti is not known.",
  };
}

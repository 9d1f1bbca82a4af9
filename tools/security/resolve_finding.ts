import { z } from "zod";
import { type AgreedFinding, ContainariumError } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";
import { findingInQuestion } from "./finding_answer.ts";

const input = z.strictObject({
  kind: z.enum(["pentest", "zap"]).describe("Its kind"),
  id: z.string().describe("Its id"),
  action: z.enum(["fix", "suppress"])
    .describe("fix upgrades its package"),
  reason: z.string().refine(({ length }) => length <= 500, "expected at most 500 characters")
    .optional().describe("Why suppress"),
});

type Input = z.output<typeof input>;

/** Fixes or suppresses a finding; `POST …/findings/{id}/remediate`, `POST …/{id}/suppress`. */
export const resolveFinding = defineTool({
  name: "resolve_finding",
  title: "Resolve finding",
  description: "Fix (patch) a finding of list_findings, or suppress it permanently.",
  effect: "destroy",
  idempotent: true,
  scopes: ["containers:read", "security:read", "security:write"],
  input,
  output: z.strictObject({
    kind: input.shape.kind,
    id: input.shape.id,
    package: z.string().optional().describe("Package that was upgraded; absent: none"),
    old_version: z.string().optional().describe("Its version before"),
    new_version: z.string().optional().describe(
      "Its version now; as before: it was upgraded already",
    ),
  }),

  consent: async (args, { client, signal }): Promise<ConsentRequest<AgreedFinding>> => {
    const agreed = await client.security.look(args.kind, args.id, { signal });
    return { question: questionOf(args, agreed), agreed };
  },

  run: async ({ kind, id, action, reason }, { client, signal }, agreed) => {
    if (action === "suppress") {
      await client.security.suppress(kind, id, { reason, signal, agreed });
      return { kind, id };
    }
    if (kind !== "pentest") {
      throw new ContainariumError("failed_precondition", "The daemon cannot fix a finding of ZAP", {
        reason: "finding_unresolvable",
      });
    }
    const fixed = await client.security.fix(id, { signal, agreed });
    return {
      kind,
      id,
      package: visible(fixed.packageName),
      old_version: visible(fixed.oldVersion),
      new_version: visible(fixed.newVersion),
    };
  },

  // The container's package manager downloads what it installs.
  longestSeconds: ({ action }) => action === "fix" ? 600 : 0,

  render: ({ kind, id, package: name, old_version: before, new_version: now }) => {
    if (name === undefined) {
      return `Suppressed the finding ${id} of ${kind}: it no longer counts as open.`;
    }
    const done = before === now
      ? `${name} was at ${now} already.`
      : `Upgraded ${name} from ${before} to ${now}; what runs keeps the old one until it is restarted.`;
    return `${done}\nNext: scan_container confirms it; until then the finding stays open.`;
  },
});

function questionOf(
  { action }: Input,
  { finding }: AgreedFinding,
): ConsentQuestion | undefined {
  if (finding === undefined) return undefined;
  const which = findingInQuestion(finding);
  if (action === "suppress") {
    return {
      message: `Suppress ${which}? It no longer counts as open, and the API cannot reopen it.`,
      confirm: "Suppress the finding",
    };
  }
  if (!finding.isFixable) return undefined;
  return {
    message:
      `Fix ${which}? The daemon upgrades the package in the container, which may restart what ` +
      "uses it.",
    confirm: "Upgrade the package",
  };
}

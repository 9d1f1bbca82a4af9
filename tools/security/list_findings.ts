import { z } from "zod";
import { severities } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { username } from "../schemas.ts";
import { formatTable } from "../text/format.ts";
import { defineTool } from "../tool.ts";
import {
  coverage,
  coverageAnswer,
  coverageLine,
  finding,
  type FindingAnswer,
  findingAnswer,
  kind,
  severity,
} from "./finding_answer.ts";

/** Lists findings; `GET /v1/pentest/findings`, `GET /v1/zap/alerts`, `GET /v1/security/clamav-reports`. */
export const listFindings = defineTool({
  name: "list_findings",
  title: "List findings",
  description: "Find vulnerabilities, open ports and malware: what the scans found, and when.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read", "security:read"],
  input: z.strictObject({
    username: username.optional().describe("Default: all"),
    kind: kind.optional().describe("Scanner"),
    severity: severity.optional().describe("The least severe"),
    limit: z.int().min(1).max(500).default(50).describe("Rows"),
  }),
  output: z.strictObject({
    findings: z.array(finding).describe("Open and unconfirmed ones, the worst first"),
    left_out: z.number().optional().describe("Number left out by limit; absent: none"),
    scanners: z.array(coverage).describe(
      "What each scanner has looked at: no findings where none has looked means nothing",
    ),
  }),

  run: async (args, { client, signal }) => {
    const claims = await client.tokenClaims();
    const isUser = claims !== undefined && !claims.roles.includes("admin");
    const username = args.username ?? (isUser ? claims.username : undefined);
    const scanners = args.kind === undefined ? undefined : [args.kind];
    const list = await client.security.findings({ username, scanners, signal });
    // Of a misspelled name, the daemon lists none as well.
    if (username !== undefined && list.findings.length === 0) {
      await client.containers.get(username, { signal });
    }
    const least = severities.indexOf(args.severity ?? "info");
    const wanted = list.findings.filter(({ severity, status }) =>
      severities.indexOf(severity) <= least && (status === "open" || status === "unconfirmed")
    );
    return {
      findings: wanted.slice(0, args.limit).map(findingAnswer),
      left_out: unlessEmpty(Math.max(0, wanted.length - args.limit)),
      scanners: list.coverage.map(coverageAnswer),
    };
  },

  render: ({ findings, left_out: leftOut, scanners }) =>
    [
      findings.length === 0
        ? "No findings."
        : formatTable(["severity", "kind", "id", "title", "target", "remedy"], findings.map(row)),
      ...(leftOut === undefined ? [] : [`${leftOut} more: pass limit, severity or kind.`]),
      ...scanners.map(coverageLine),
    ].join("\n"),
});

function row(from: FindingAnswer): readonly string[] {
  const { severity, kind, id = "", title, target, remedy = "", fixable, status } = from;
  const { references } = from;
  return [
    status === "open" ? severity : `${severity}, ${status}`,
    kind,
    id,
    references === undefined ? title : `${title} (${references})`,
    target,
    fixable === true ? `${remedy} [action=fix]`.trim() : remedy,
  ];
}

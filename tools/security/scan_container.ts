import { z } from "zod";
import { ContainariumError, type Scanner, type ScanOutcome } from "../../client/mod.ts";
import { containerName, visible } from "../../client/internal.ts";
import { waitSeconds } from "../fields.ts";
import { unlessEmpty } from "../lean.ts";
import { username } from "../schemas.ts";
import { defineTool, type ToolContext } from "../tool.ts";
import { countWords, kind, pentestGaps } from "./finding_answer.ts";
import { readOr } from "../read_or.ts";

const count = z.number().optional();

/** What became of a scan in a result. */
const scan = z.strictObject({
  kind: kind.describe("Scanner"),
  state: z.enum(["completed", "running", "failed"]).describe("running: call again to keep waiting"),
  found: z.strictObject({
    critical: count.describe("Number of critical findings; absent: 0"),
    high: count.describe("Number of high ones; absent: 0"),
    medium: count.describe("Number of medium ones; absent: 0"),
    low: count.describe("Number of low ones; absent: 0"),
    info: count.describe("Number of mere notes; absent: 0"),
  }).optional().describe("What was found; absent: nothing, or not completed"),
  notes: z.array(z.string()).optional().describe("What to know about it: data from outside"),
});

/** Scans a container; `POST /v1/security/clamav-scan`, `POST /v1/pentest/scan`, `POST /v1/zap/scan`. */
export const scanContainer = defineTool({
  name: "scan_container",
  title: "Scan container",
  description: "Scan a container for malware (is it infected?), open ports and vulnerabilities.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "security:read", "security:write"],
  input: z.strictObject({
    username,
    kinds: z.array(kind).optional()
      .describe("Default: all; clamav: malware, zap: web"),
    wait_seconds: waitSeconds.describe("It continues after that"),
  }),
  output: z.strictObject({ scans: z.array(scan).describe("One for each scanner") }),

  run: async ({ username, kinds, wait_seconds: waitSeconds }, context) => {
    const { client, signal, progress } = context;
    // Refused once and for all: each scanner would queue a container that does not exist.
    await client.containers.get(username, { signal });
    const chosen = [
      ...new Set(kinds === undefined || kinds.length === 0 ? await usableScanners(context) : kinds),
    ];
    let done = 0;
    progress(done, chosen.length, `Scanning ${containerName(username)}: ${chosen.join(", ")}`);
    const ended = await Promise.allSettled(chosen.map(async (scanner) => {
      const waitMs = waitSeconds * 1_000;
      const outcome = await client.security.scan(username, scanner, { signal, waitMs });
      progress(++done, chosen.length, `${scanner}: ${outcome.state}`);
      return outcome;
    }));
    const failures = ended.flatMap((each) => each.status === "rejected" ? [each.reason] : []);
    const isUsual = failures.every((error) =>
      error instanceof ContainariumError && error.code !== "cancelled"
    );
    if (!isUsual || failures.length === chosen.length) throw failures[0];
    const gaps = chosen.includes("pentest") ? await gapsOf(context) : [];
    return {
      scans: ended.map((each, at) =>
        each.status === "fulfilled"
          ? scanAnswer(each.value, each.value.scanner === "pentest" ? gaps : [])
          : failedScan(chosen[at] ?? "clamav", each.reason)
      ),
    };
  },

  failed: ({ scans }) => scans.every(({ state }) => state === "failed"),

  render: ({ scans }) =>
    [
      ...scans.flatMap(({ kind, state, found = {}, notes = [] }) => [
        `${kind}: ${state}${state === "completed" ? `, ${countWords(found)}` : ""}`,
        ...notes.map((note) => `  ${note}`),
      ]),
      scans.some(({ state }) => state === "running")
        ? "Next: repeat this call to keep waiting; it begins no second scan."
        : "Next: list_findings shows what was found.",
    ].join("\n"),
});

/** Returns what this token may use, as far as is known. */
async function usableScanners({ client, signal }: ToolContext): Promise<readonly Scanner[]> {
  const claims = await client.tokenClaims();
  const mayBeAdmin = claims?.roles.includes("admin") ?? true;
  const hasZap = mayBeAdmin && (await client.security.installed({ signal })).hasZap;
  return hasZap ? ["clamav", "pentest", "zap"] : ["clamav", "pentest"];
}

/** Returns what a penetration test does not find, as far as is known: the scans have ended without it. */
async function gapsOf({ client, signal }: ToolContext): Promise<readonly string[]> {
  return await readOr(
    async () => pentestGaps(await client.security.installed({ signal })),
    () => [],
  );
}

function scanAnswer(outcome: ScanOutcome, gaps: readonly string[]): z.input<typeof scan> {
  const { scanner, state, mayHaveFailed, counts, error, targets } = outcome;
  const notes = [
    ...(error === undefined ? [] : [oneLine(error)]),
    ...(state === "completed" && targets === 0
      ? ["It had nothing to look at, so this says nothing."]
      : []),
    ...(state === "completed" ? gaps.map((gap) => `missing: ${gap}`) : []),
    ...(mayHaveFailed ? ["It may have failed: the daemon shows that to admins only."] : []),
  ];
  return { kind: scanner, state, found: unlessEmpty(counts), notes: unlessEmpty(notes) };
}

function failedScan(scanner: Scanner, error: unknown): z.input<typeof scan> {
  const words = error instanceof Error ? error.message : String(error);
  return { kind: scanner, state: "failed", notes: [oneLine(words)] };
}

function oneLine(text: string): string {
  return visible(text.trim().replace(/\s+/g, " ").slice(0, 500));
}

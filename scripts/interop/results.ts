/** What a client was seen to do with the server. @module */
import { z } from "zod";

/** What is tried with every client, in the order of the table. */
export const clientFeatures = [
  "connect",
  "tools",
  "structured content",
  "errors",
  "resources",
  "templates",
  "prompts",
  "completion",
  "updates",
  "progress",
  "cancellation",
  "questions",
  "logging",
] as const;

/** What is tried with frameworks for agents besides: what a model learns of each tool, and a turn of an agent. */
export const agentFeatures = ["declarations", "agent turn"] as const;

/** What a suite of tests says: how many of its scenarios pass. */
export const suiteFeatures = ["scenarios"] as const;

/** All of them. */
export const features = [...clientFeatures, ...agentFeatures, ...suiteFeatures] as const;

/** One of them. */
export type Feature = typeof features[number];

/** What a program is that talks to the server. */
export type Kind = "client" | "framework" | "suite";

/** What is tried with each. */
export const featuresOf: Readonly<Record<Kind, readonly Feature[]>> = {
  client: clientFeatures,
  framework: [...clientFeatures, ...agentFeatures],
  suite: suiteFeatures,
};

/** How it went. */
export const outcomes = ["works", "not offered by the client", "fails"] as const;

/** One of them. */
export type Outcome = typeof outcomes[number];

/** A line that a driver prints. */
const Line = z.strictObject({
  feature: z.enum(features),
  /** Which tool, resource, template, prompt or scenario. */
  item: z.string().optional(),
  result: z.enum(outcomes),
  /** Why it fails, or by what it is seen that the client does not offer it. */
  detail: z.string().optional(),
  /** Whether it fails by design, and `detail` says by which. */
  accepted: z.boolean().optional(),
});

/** What a driver says. */
export type Report = z.infer<typeof Line>;

/** The same with whom it is about. */
export const ResultLine = Line.extend({
  client: z.string(),
  version: z.string(),
  revision: z.string(),
  /** When. */
  date: z.string(),
});

/** The same with whom it is about. */
export type Result = Readonly<z.infer<typeof ResultLine>>;

/** What has to be tried one by one. */
export type Expected = Readonly<Partial<Record<Feature, readonly string[]>>>;

/** Returns what a line of a driver says; undefined if it is anything else, such as a library's log. */
export function parseReport(line: string): Report | undefined {
  return Line.safeParse(parseJson(line)).data;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Returns reports with what they leave out: a feature, or an item of one, of which a driver says nothing
 * fails.
 *
 * @param ending How the driver ended
 * @param tried What has to be tried
 */
export function completed(
  reports: readonly Report[],
  expected: Expected,
  ending: string,
  tried: readonly Feature[],
): readonly Report[] {
  const missing = tried.flatMap((feature): readonly Report[] => {
    const said = reports.filter((report) => report.feature === feature);
    const failure = { feature, result: "fails", detail: `not tried: ${ending}` } as const;
    const isOffered = said.every(({ result, item }) => item !== undefined || result === "works");
    const items = expected[feature] ?? [];
    if (items.length === 0 || !isOffered) return said.length === 0 ? [failure] : [];
    return items.filter((item) => !said.some((report) => report.item === item))
      .map((item) => ({ ...failure, item }));
  });
  return [...reports, ...missing];
}

import type { z } from "zod";

/**
 * Says what is wrong with a call's arguments, one line a fault, each with its path, so that a model
 * can mend them.
 */
export function argumentFaults(error: z.ZodError, input: z.ZodObject): string {
  return error.issues.map((issue) => describe(issue, input)).join("\n");
}

function describe(issue: z.core.$ZodIssue, input: z.ZodObject): string {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(input.shape);
    const expected = known.length === 0 ? "it takes no arguments" : `known: ${known.join(", ")}`;
    return `${issue.keys.join(", ")}: unknown argument; ${expected}`;
  }
  const path = issue.path.length === 0 ? "arguments" : issue.path.join(".");
  return `${path}: ${issue.message}`;
}

import type { z } from "zod";
import { nearest } from "../client/mod.ts";

/**
 * Says what is wrong with a call's arguments, one line a fault, each with its path, so that a model
 * can mend them.
 */
export function argumentFaults(error: z.ZodError, input: z.ZodObject): string {
  return error.issues.map((issue) => describe(issue, input)).join("\n");
}

const MOST_KEYS = 10;
const MOST_OF_A_KEY = 100;

function describe(issue: z.core.$ZodIssue, input: z.ZodObject): string {
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") {
    return `${path === "" ? "arguments" : path}: ${issue.message}`;
  }
  const keys = issue.keys.slice(0, MOST_KEYS).map((key) =>
    (path === "" ? key : `${path}.${key}`).slice(0, MOST_OF_A_KEY)
  ).join(", ");
  if (path !== "") return `${keys}: unknown`;
  const known = Object.keys(input.shape);
  if (known.length === 0) return `${keys}: unknown argument; it takes no arguments`;
  const meant = issue.keys.slice(0, MOST_KEYS).map((key) => nearest(key, known)).filter((name) =>
    name !== undefined
  );
  const hint = meant.length === 0 ? "" : `did you mean ${meant.join(", ")}? `;
  return `${keys}: unknown argument; ${hint}known: ${known.join(", ")}`;
}

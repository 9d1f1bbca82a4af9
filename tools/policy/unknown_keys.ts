import type { z } from "zod";
import { didYouMean, own } from "../../client/internal.ts";
import { limits, policyFile, quotasEntry, templateEntry } from "./schema.ts";

const known: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(policyFile.shape),
  templates: Object.keys(templateEntry.shape),
  quotas: Object.keys(quotasEntry.shape),
  limits: Object.keys(limits.shape),
};

/** Returns an error for each unknown key, with what was probably meant. */
export function unknownKeys(
  issue: z.core.$ZodIssueUnrecognizedKeys,
): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const [section = "", , entry] = issue.path;
  const names = own(known, entry === undefined ? String(section) : "limits") ?? [];
  const hint = (key: string) => didYouMean(key, names.filter((name) => name !== "$schema"));
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    message: `unknown; ${hint(key)}`,
  }));
}

import type { z } from "zod";
import { nearest, own } from "../../client/internal.ts";
import { limits, policyFile, quotasEntry, templateEntry } from "./schema.ts";

const known: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(policyFile.shape),
  templates: Object.keys(templateEntry.shape),
  quotas: Object.keys(quotasEntry.shape),
  limits: Object.keys(limits.shape),
};

/** Says of each key that does not belong where it stands what was probably meant. */
export function unknownKeys(
  issue: z.core.$ZodIssueUnrecognizedKeys,
): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const [room = "", , entry] = issue.path;
  const names = own(known, entry === undefined ? String(room) : "limits") ?? [];
  return issue.keys.map((key) => {
    const meant = nearest(key, names);
    const hint = meant === undefined
      ? `known: ${names.filter((name) => name !== "$schema").join(", ")}`
      : `did you mean ${meant}?`;
    return { path: [...issue.path, key], message: `unknown; ${hint}` };
  });
}

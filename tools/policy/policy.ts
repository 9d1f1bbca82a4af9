import type { z } from "zod";
import { readJson, type SourceJson } from "./located_json.ts";
import type { DeleteGrace } from "./grace.ts";
import type { quotasEntry, RiskyCall } from "./schema.ts";
import { resolveTemplates, type Template } from "./templates.ts";

/** A user's templates and quotas, and what can be undone. */
export interface Policy {
  /** Templates by name. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Quotas; absent: there are no limits. */
  readonly quotas?: Quotas | undefined;
  /** For how long deleted containers can be recovered; absent: they are deleted at once. */
  readonly deleteGrace?: DeleteGrace | undefined;
  /** Calls before which a snapshot is taken; absent: none. */
  readonly snapshotBefore?: readonly RiskyCall[] | undefined;
}

/** What users and teams may use. */
export type Quotas = z.output<typeof quotasEntry>;

/** Reads the policy that is in effect now. */
export type PolicySource = () => Promise<Policy>;

/** No templates, no limits. */
export const noPolicy: Policy = { templates: new Map() };

/** A policy that cannot be used; the message has a line for each mistake, with its place. */
export class PolicyError extends Error {
  /** Always `"PolicyError"`. */
  override readonly name = "PolicyError";
}

/**
 * Reads a policy file's text.
 *
 * @throws {PolicyError} `line 3, templates.web.cpu: expected cores …`, a line for each mistake
 */
export async function parsePolicy(text: string): Promise<Policy> {
  const json = await readJson(text);
  if (!json.isJson) throw new PolicyError(json.fault);
  const faults = json.repeatedKeys.map((path) => fault(json, path, "it occurs twice"));
  // Imported on first use: most users have no policy, and its schema takes time to build.
  const { policyFile } = await import("./schema.ts");
  const { unknownKeys } = await import("./unknown_keys.ts");
  const parsed = policyFile.safeParse(json.value);
  if (!parsed.success) {
    const found = parsed.error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? unknownKeys(issue).map(({ path, message }) => fault(json, path, message))
        : [fault(json, issue.path, issue.message)]
    );
    throw new PolicyError([...faults, ...found].join("\n"));
  }
  const { templates, faults: wrong } = resolveTemplates(parsed.data.templates ?? {});
  faults.push(...wrong.map(({ path, message }) => fault(json, path, message)));
  if (faults.length > 0) throw new PolicyError(faults.join("\n"));
  const { quotas, delete_grace: deleteGrace, snapshot_before: snapshotBefore } = parsed.data;
  return { templates, quotas, deleteGrace, snapshotBefore };
}

function fault(
  json: Extract<SourceJson, { isJson: true }>,
  path: readonly PropertyKey[],
  message: string,
): string {
  const where = path.length === 0 ? "the file" : path.map(String).join(".");
  return `line ${json.lineOf(path)}, ${where}: ${message}`;
}

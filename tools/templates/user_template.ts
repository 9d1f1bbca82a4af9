import { z } from "zod";
import { visible, withoutSecrets } from "../../client/internal.ts";
import type { Template } from "../policy/mod.ts";
import { renderLabels } from "../schemas.ts";
import { mapOf } from "../schema/map_of.ts";

/** A user's own template in a result. */
export const ownTemplate = z.strictObject({
  name: z.string().describe("For create_container's template"),
  description: z.string().optional().describe("What it is for"),
  sets: mapOf(z.string(), z.string()).describe("What it sets; only the names of parameters"),
});

/** Returns a template as a result has it. Values of parameters are omitted: they may be passwords. */
export function ownAnswer(
  { name, description, fields }: Template,
): z.output<typeof ownTemplate> {
  const { labels = {}, ...others } = fields;
  const sets = Object.entries({ ...others, labels: renderLabels(labels) })
    .map(([field, value]): [string, string] => [field, visible(briefly(field, value))])
    .filter(([, value]) => value !== "");
  return {
    name: visible(name),
    sets: Object.fromEntries(sets),
    description: description === undefined ? undefined : visible(description),
  };
}

function briefly(field: string, value: unknown): string {
  if (field === "ssh_keys" || field === "post_create") {
    return Array.isArray(value) ? String(value.length) : "";
  }
  // A repository's address may contain credentials.
  if (field === "git_source") return withoutSecrets(String(value).replace(/#.*$/s, ""));
  if (Array.isArray(value)) return value.join(" ");
  if (typeof value === "object" && value !== null) return Object.keys(value).join(" ");
  return value === undefined ? "" : String(value);
}

/** Returns a template in one line. */
export function renderOwn(
  { name, description, sets }: z.output<typeof ownTemplate>,
): string {
  const facts = Object.entries(sets).map(([field, value]) => `${field} ${value}`).join(", ");
  return `${name}: ${description === undefined ? "" : `${description} `}(${facts})`;
}

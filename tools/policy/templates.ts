import { didYouMean, own } from "../../client/internal.ts";
import { present } from "../present.ts";
import type { TemplateEntry, TemplateFields } from "./schema.ts";

/** A template, with everything that it inherits. */
export interface Template {
  /** Name. */
  readonly name: string;
  /** What it is for. */
  readonly description?: string | undefined;
  /** Settings of a container created from it. */
  readonly fields: TemplateFields;
}

/** A mistake in the templates. */
export interface TemplateFault {
  /** Path in the file. */
  readonly path: readonly string[];
  /** What is wrong. */
  readonly message: string;
}

type Entries = Readonly<Record<string, TemplateEntry>>;

/** Merges each template with those that it extends. */
export function resolveTemplates(entries: Entries): {
  readonly templates: ReadonlyMap<string, Template>;
  readonly faults: readonly TemplateFault[];
} {
  const templates = new Map<string, Template>();
  const faults: TemplateFault[] = [];
  for (const [name, { description }] of Object.entries(entries)) {
    const lineage = lineageOf(name, entries);
    if (typeof lineage === "string") {
      faults.push({ path: ["templates", name, "extends"], message: lineage });
      continue;
    }
    const fields = lineage.reduce<TemplateFields>(merge, {});
    faults.push(...contradictions(name, fields));
    templates.set(name, { name, fields, description });
  }
  return { templates, faults };
}

/** Returns a template and its ancestors, the most distant first, or what is wrong with them. */
function lineageOf(name: string, entries: Entries): readonly TemplateEntry[] | string {
  const names = [name];
  for (;;) {
    const [nearestOne = ""] = names;
    const parent = own(entries, nearestOne)?.extends;
    if (parent === undefined) break;
    if (names.includes(parent)) return `it extends itself: ${[parent, ...names].join(" ← ")}`;
    if (!Object.hasOwn(entries, parent)) return noTemplate(parent, Object.keys(entries));
    names.unshift(parent);
  }
  return names.flatMap((name) => own(entries, name) ?? []);
}

/** Returns the error for a template that does not exist. */
export function noTemplate(name: string, known: readonly string[]): string {
  return `there is no template ${name}; ${didYouMean(name, known)}`;
}

function merge(base: TemplateFields, entry: TemplateEntry): TemplateFields {
  const { description: _description, extends: _parent, ...nearer } = entry;
  // Image and os exclude each other, as do backend and pool: the nearer template decides both of a pair.
  const { image, os, backend, pool, ...rest } = base;
  const source = nearer.image === undefined && nearer.os === undefined
    ? present({ image, os })
    : {};
  const place = nearer.backend === undefined && nearer.pool === undefined
    ? present({ backend, pool })
    : {};
  return {
    ...rest,
    ...source,
    ...place,
    ...nearer,
    ...merged("labels", base, nearer),
    ...merged("stack_parameters", base, nearer),
    ...merged("recipe_parameters", base, nearer),
  };
}

function merged(
  key: "labels" | "stack_parameters" | "recipe_parameters",
  base: TemplateFields,
  nearer: TemplateFields,
): TemplateFields {
  if (base[key] === undefined && nearer[key] === undefined) return {};
  return { [key]: { ...base[key], ...nearer[key] } };
}

/** Settings of a container that apply to a recipe; it decides the others itself. */
export const recipeFields: readonly string[] = ["cpu", "memory", "disk", "labels"];

const fieldsBesideRecipe: readonly string[] = [
  ...recipeFields,
  "gpus",
  "recipe",
  "recipe_parameters",
  "post_create",
];

function contradictions(name: string, fields: TemplateFields): readonly TemplateFault[] {
  const at = (field: string, message: string) => ({ path: ["templates", name, field], message });
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
    .map(([field]) => field);
  const faults: TemplateFault[] = [];
  if (fields.recipe !== undefined) {
    const left = given.filter((field) => !fieldsBesideRecipe.includes(field));
    faults.push(...left.map((field) => at(field, "not together with recipe, which decides it")));
    if ((fields.gpus ?? []).length > 1) faults.push(at("gpus", "a recipe takes one GPU"));
  } else if (fields.recipe_parameters !== undefined) {
    faults.push(at("recipe_parameters", "only together with recipe"));
  }
  if (fields.stack === undefined && fields.stack_parameters !== undefined) {
    faults.push(at("stack_parameters", "only together with stack"));
  }
  if (fields.backend !== undefined && fields.pool !== undefined) {
    faults.push(at("pool", "not together with backend"));
  }
  for (const field of ["git_ref", "workspace_path"] as const) {
    if (fields.git_source === undefined && fields[field] !== undefined) {
      faults.push(at(field, "only together with git_source"));
    }
  }
  return faults;
}

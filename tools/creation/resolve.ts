/**
 * What a creation is asked for, resolved in one place: arguments, the template that they name, and what
 * holds where neither says anything.
 *
 * @module
 */
import { z } from "zod";
import {
  ContainariumError,
  type CreateOptions,
  type DeploySpec,
  type Limits,
} from "../../client/mod.ts";
import { createDefaults, parseDuration, present } from "../../client/internal.ts";
import { noTemplate, type Policy, type TemplateFields } from "../policy/mod.ts";
import { cpu, disk, image, labels, memory, os, sshPublicKey, ttl } from "../fields.ts";

/**
 * What may be said of a creation beside whose it is. Defaults are advertised but not applied by zod: a template
 * comes before them.
 */
export const creationFields = {
  cpu: cpu.optional().meta({ ...cpu.meta(), default: createDefaults.cpu }),
  memory: memory.optional().meta({ ...memory.meta(), default: createDefaults.memory }),
  disk: disk.optional().meta({ ...disk.meta(), default: createDefaults.disk }),
  ssh_keys: z.array(sshPublicKey).max(32).optional()
    .describe("SSH public keys that may log in; without one nobody can"),
  image: image.optional()
    .meta({ description: "Image to build it from", default: createDefaults.image }),
  os: os.optional()
    .describe("Operating system, instead of image"),
  labels: labels.optional().describe('Labels, e.g. {"team": "dev"}'),
  ttl: ttl.optional().describe("Deleted after this long, at most 7d, e.g. 8h; never when absent"),
  enable_docker: z.boolean().optional()
    .meta({
      description: "Allow containers inside it (Podman with Docker's commands)",
      default: true,
    }),
  template: z.string().optional()
    .describe("Template from list_templates; arguments here override it"),
  backend: z.string().min(1).optional().describe("Host to create it on, from list_backends"),
  pool: z.string().min(1).optional().describe("Pool of hosts to create it in"),
} as const;

const creationArgs = z.strictObject(creationFields);

/** What was said of a creation. */
export type CreationArgs = z.output<typeof creationArgs>;

/** A container of its own, or one of the daemon's recipes. */
export type Make<R> =
  | { readonly kind: "container"; readonly options: CreateOptions & Required<Limits> }
  | { readonly kind: "recipe"; readonly recipe: R; readonly options: DeploySpec };

/**
 * A creation of which everything is decided.
 *
 * @typeParam R A recipe: its id, or the recipe itself once the daemon has listed it
 */
export interface Creation<R = string> {
  /** Whose. */
  readonly username: string;
  /** What the daemon is asked for. */
  readonly make: Make<R>;
  /** What is run in it when it is ready, in order. */
  readonly postCreate: readonly string[];
}

/**
 * Decides what a container is created with: what is said counts more than the template, and that more
 * than the daemon's defaults; labels are joined.
 *
 * @throws {ContainariumError} `invalid_argument` for a template that is not there, and for what
 * contradicts itself
 */
export function resolveCreation(username: string, args: CreationArgs, policy: Policy): Creation {
  const { template, ...said } = args;
  const fields = joined(template === undefined ? {} : fieldsOf(template, policy), said);
  const { recipe, post_create: postCreate = [] } = fields;
  if (recipe !== undefined) {
    refuseBesideRecipe(said);
    return {
      username,
      postCreate,
      make: { kind: "recipe", recipe, options: deployment(username, fields) },
    };
  }
  if (fields.backend !== undefined && fields.pool !== undefined) {
    throw new ContainariumError("invalid_argument", "Pass backend or pool, not both");
  }
  return {
    username,
    postCreate,
    make: { kind: "container", options: optionsOf(username, fields) },
  };
}

/** A recipe decides the rest itself. */
function refuseBesideRecipe(said: Omit<CreationArgs, "template">): void {
  const taken = ["cpu", "memory", "disk", "labels"];
  const wrong = Object.entries(said).filter(([, value]) => value !== undefined)
    .map(([field]) => field).filter((field) => !taken.includes(field));
  if (wrong.length === 0) return;
  throw new ContainariumError(
    "invalid_argument",
    `The template is a recipe, which takes ${taken.join(", ")} and not ${wrong.join(", ")}`,
  );
}

function deployment(username: string, fields: TemplateFields): DeploySpec {
  const { cpu, memory, disk, labels, recipe_parameters: parameters, gpus: [gpu] = [] } = fields;
  return { username, ...present({ cpu, memory, disk, labels, parameters, gpu }) };
}

function fieldsOf(name: string, { templates }: Policy): TemplateFields {
  const template = templates.get(name);
  if (template !== undefined) return template.fields;
  const message = noTemplate(name, [...templates.keys()]);
  throw new ContainariumError("invalid_argument", `template: ${message}; see list_templates`);
}

function joined(template: TemplateFields, said: Omit<CreationArgs, "template">): TemplateFields {
  const { image, os, backend, pool, ...rest } = template;
  const saysSource = said.image !== undefined || said.os !== undefined;
  const saysPlace = said.backend !== undefined || said.pool !== undefined;
  return {
    ...rest,
    ...(saysSource ? {} : present({ image, os })),
    ...(saysPlace ? {} : present({ backend, pool })),
    ...present(said),
    labels: { ...template.labels, ...said.labels },
  };
}

function optionsOf(username: string, fields: TemplateFields): CreateOptions & Required<Limits> {
  const { backend, pool, os, stack, gpus, monitoring, encrypted } = fields;
  return {
    username,
    cpu: fields.cpu ?? createDefaults.cpu,
    memory: fields.memory ?? createDefaults.memory,
    disk: fields.disk ?? createDefaults.disk,
    image: fields.image ?? createDefaults.image,
    sshKeys: fields.ssh_keys ?? [],
    labels: fields.labels ?? {},
    enablePodman: fields.enable_docker ?? true,
    ...present({ backend, pool, os, stack, gpus, monitoring, encrypted }),
    ...present({
      ttlSeconds: secondsOf(fields.ttl),
      deleteAfterStoppedSeconds: secondsOf(fields.delete_after_stopped),
      autoSleepMinutes: fields.auto_sleep_minutes,
      stackParameters: fields.stack_parameters,
      staticIp: fields.static_ip,
      gitSource: fields.git_source,
      gitRef: fields.git_ref,
      workspacePath: fields.workspace_path,
    }),
  };
}

function secondsOf(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration);
}

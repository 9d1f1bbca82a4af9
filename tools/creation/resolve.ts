/**
 * Resolves what to create from the arguments, the template that they name, and the defaults.
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
import { createDefaults, parseDuration } from "../../client/internal.ts";
import { present } from "../present.ts";
import { noTemplate, type Policy, recipeFields, type TemplateFields } from "../policy/mod.ts";
import { containerFields } from "../fields.ts";

const {
  cpu,
  memory,
  disk,
  image,
  labels,
  ttl,
  os,
  backend,
  pool,
  ssh_keys: sshKeys,
  enable_docker: enableDocker,
} = containerFields;

const {
  gpus,
  stack,
  monitoring,
  encrypted,
  git_source: gitSource,
  git_ref: gitRef,
  auto_sleep_minutes: autoSleepMinutes,
  delete_after_stopped: deleteAfterStopped,
} = containerFields;

/** Arguments of a creation that few need. */
export const optionFields = {
  gpus,
  stack,
  monitoring,
  encrypted,
  git_source: gitSource,
  git_ref: gitRef,
  auto_sleep_minutes: autoSleepMinutes,
  delete_after_stopped: deleteAfterStopped,
} as const;

/** What an argument is when there is neither it nor a template that has it. */
const advertised = {
  cpu: createDefaults.cpu,
  memory: createDefaults.memory,
  disk: createDefaults.disk,
  image: createDefaults.image,
  enable_docker: true,
} as const;

/**
 * Arguments of a creation besides the username. Defaults are advertised but not applied by zod: a
 * template takes precedence.
 */
export const creationFields = {
  cpu: cpu.meta({ ...cpu.unwrap().meta(), default: advertised.cpu }),
  memory: memory.meta({ ...memory.unwrap().meta(), default: advertised.memory }),
  disk: disk.meta({ ...disk.unwrap().meta(), default: advertised.disk }),
  ssh_keys: sshKeys.describe("SSH public keys that may log in; without one nobody can"),
  image: image.meta({ description: "Image to build it from", default: advertised.image }),
  os,
  labels: labels.describe('Labels, e.g. {"team": "dev"}'),
  ttl: ttl.describe("Deleted after this long, at most 7d, e.g. 8h; never when absent"),
  enable_docker: enableDocker.meta({
    description: "Allow containers inside it (Podman with Docker's commands)",
    default: advertised.enable_docker,
  }),
  template: z.string().optional()
    .describe("Template from list_templates; arguments here override it"),
  backend: backend.describe("Host to create it on, from list_backends"),
  pool,
  ...optionFields,
} as const;

const creationArgs = z.strictObject(creationFields);

/** Arguments of a creation. */
export type CreationArgs = z.output<typeof creationArgs>;

/** A plain container, or one of the daemon's recipes. */
export type Make<R> =
  | { readonly kind: "container"; readonly options: CreateOptions & Required<Limits> }
  | { readonly kind: "recipe"; readonly recipe: R; readonly options: DeploySpec };

/**
 * A fully resolved creation.
 *
 * @typeParam R A recipe: its ID, or the recipe itself once the daemon has listed it
 */
export interface Creation<R = string> {
  /** Owner of the container. */
  readonly username: string;
  /** What to request from the daemon. */
  readonly make: Make<R>;
  /** Commands to run in it once it is ready, in order. */
  readonly postCreate: readonly string[];
}

/**
 * Resolves what to create. Precedence: arguments, template, the daemon's defaults; labels are merged.
 *
 * @throws {ContainariumError} `invalid_argument` for a template that does not exist, and for arguments
 * that contradict each other
 */
export function resolveCreation(username: string, args: CreationArgs, policy: Policy): Creation {
  const { template } = args;
  const given = givenIn(args);
  const fields = merged(template === undefined ? {} : fieldsOf(template, policy), given);
  const { recipe, post_create: postCreate = [] } = fields;
  if (recipe !== undefined) {
    assertFitsRecipe(given);
    return {
      username,
      postCreate,
      make: { kind: "recipe", recipe, options: deployment(username, fields) },
    };
  }
  if (fields.backend !== undefined && fields.pool !== undefined) {
    throw new ContainariumError("invalid_argument", "Pass backend or pool, not both");
  }
  if (fields.git_ref !== undefined && fields.git_source === undefined) {
    const message = "git_ref: expected git_source with it: the daemon ignores it alone";
    throw new ContainariumError("invalid_argument", message);
  }
  return {
    username,
    postCreate,
    make: { kind: "container", options: optionsOf(username, fields) },
  };
}

/** Some clients (mcp-use) send each default that is listed. Nobody chose all of them beside a template. */
function givenIn({ template, ...given }: CreationArgs): Omit<CreationArgs, "template"> {
  const { cpu, memory, disk, image, enable_docker: enableDocker, ...others } = given;
  const isFilledIn = cpu === advertised.cpu && memory === advertised.memory &&
    disk === advertised.disk && image === advertised.image &&
    enableDocker === advertised.enable_docker;
  return template !== undefined && isFilledIn ? others : given;
}

function assertFitsRecipe(given: Omit<CreationArgs, "template">): void {
  const wrong = Object.entries(given).filter(([, value]) => value !== undefined)
    .map(([field]) => field).filter((field) => !recipeFields.includes(field));
  if (wrong.length === 0) return;
  throw new ContainariumError(
    "invalid_argument",
    `The template is a recipe, which takes ${recipeFields.join(", ")} and not ${wrong.join(", ")}`,
  );
}

function deployment(username: string, fields: TemplateFields): DeploySpec {
  const { cpu, memory, disk, labels, recipe_parameters: parameters, gpus: [gpu] = [] } = fields;
  return { username, cpu, memory, disk, labels, parameters, gpu };
}

function fieldsOf(name: string, { templates }: Policy): TemplateFields {
  const template = templates.get(name);
  if (template !== undefined) return template.fields;
  const message = noTemplate(name, [...templates.keys()]);
  throw new ContainariumError("invalid_argument", `template: ${message}; see list_templates`);
}

function merged(template: TemplateFields, given: Omit<CreationArgs, "template">): TemplateFields {
  const { image, os, backend, pool, ...rest } = template;
  const namesSource = given.image !== undefined || given.os !== undefined;
  const namesPlace = given.backend !== undefined || given.pool !== undefined;
  return {
    ...rest,
    ...(namesSource ? {} : present({ image, os })),
    ...(namesPlace ? {} : present({ backend, pool })),
    ...present(given),
    labels: { ...template.labels, ...given.labels },
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
    backend,
    pool,
    os,
    stack,
    gpus,
    monitoring,
    encrypted,
    ttlSeconds: secondsOf(fields.ttl),
    deleteAfterStoppedSeconds: secondsOf(fields.delete_after_stopped),
    autoSleepMinutes: fields.auto_sleep_minutes,
    stackParameters: fields.stack_parameters,
    staticIp: fields.static_ip,
    gitSource: fields.git_source,
    gitRef: fields.git_ref,
    workspacePath: fields.workspace_path,
  };
}

function secondsOf(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration);
}

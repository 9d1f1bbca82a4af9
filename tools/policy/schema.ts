/**
 * Schema of the policy file: templates, quotas, and what can be undone.
 *
 * @module
 */
import { z } from "zod";
import { parseSize } from "../../client/internal.ts";
import { containerFields } from "../fields.ts";
import { mapOf } from "../schema/map_of.ts";
import { expectedGrace, isGrace } from "./grace.ts";

const name = z.string().regex(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  "expected a name of letters, digits and . _ -, at most 64, such as web-small",
);

const parameters = mapOf(z.string().min(1).max(256), z.string().max(4096));

const {
  image,
  labels,
  ttl: timeToLive,
  ssh_keys: sshKeys,
  enable_docker: enableDocker,
} = containerFields;

/** Settings of a container, by the same names as `create_container`'s. */
export const templateFields = z.strictObject({
  ...containerFields,
  image: image.describe("Image, e.g. images:ubuntu/24.04"),
  labels: labels.describe("Labels; merged with those of the template it extends"),
  ttl: timeToLive.describe("Deleted after this long, at most 7d, e.g. 8h"),
  ssh_keys: sshKeys.describe("SSH public keys that may log in"),
  enable_docker: enableDocker.describe("Allow containers inside it; true"),
  static_ip: z.ipv4().optional().describe("IPv4 address on the host's network"),
  workspace_path: z.string().startsWith("/").optional()
    .describe("Where git_source is cloned to; /workspace"),
  stack_parameters: parameters.optional().describe("Parameters of the stack"),
  recipe: z.string().min(1).optional().describe("The daemon's recipe to create it from"),
  recipe_parameters: parameters.optional().describe("Parameters of the recipe"),
  post_create: z.array(z.string().min(1)).max(20).optional()
    .describe("Shell commands to run in it when it is ready, in order"),
});

/** A template, as the file has it. */
export const templateEntry = templateFields.extend({
  description: z.string().max(200).optional().describe("What it is for"),
  extends: name.optional().describe("Template whose fields it inherits; its own take precedence"),
});

const size = z.string().refine(
  (text) => parseSize(text) !== undefined,
  'expected a size such as "64GB" or "512GiB"',
);

/** Limits of a user or a team. */
export const limits = z.strictObject({
  containers: z.int().min(0).optional().describe("Containers"),
  cpu: z.number().min(0).optional().describe("CPUs, summed over the containers' limits"),
  memory: size.optional().describe("Memory, summed over the containers' limits, e.g. 64GB"),
  disk: size.optional().describe("Disk, summed over the containers' limits, e.g. 500GB"),
  snapshots: z.int().min(0).optional().describe("Snapshots"),
});

/** Quotas, as the file has them. */
export const quotasEntry = z.strictObject({
  users: mapOf(z.string().min(1), limits).optional()
    .describe('Limits of a user, by username; "*" for each of the others'),
  teams: mapOf(z.string().min(1), limits).optional()
    .describe('Limits of a team, by the value of its label; "*" for each of the others'),
  team_label: z.string().min(1).default("team").describe("The label that names the team"),
  without_team: z.union(
    [z.literal("refuse"), z.literal("ignore"), z.strictObject({ team: z.string().min(1) })],
    'expected "refuse", "ignore" or {"team": "dev"}',
  )
    .default("refuse")
    .describe(
      "A container without that label: refuse to create one, count it for no team, or for this one",
    ),
});

const grace = z.string().refine(isGrace, expectedGrace);

/** For how long deleted containers can be recovered, as the file has it. */
const deleteGrace = z.union(
  [grace, z.strictObject({ teams: mapOf(z.string().min(1), grace) })],
  `${expectedGrace}, or {"teams": {"ops": "7d", "*": "24h"}}`,
);

/** Calls that a snapshot can be taken before. */
export const riskyCalls = ["resize", "install_stack", "run_command as_root"] as const;

/** The whole file. */
export const policyFile = z.strictObject({
  $schema: z.string().optional().describe("Location of this schema"),
  templates: mapOf(name, templateEntry).optional()
    .describe("Templates for create_container, by name"),
  quotas: quotasEntry.optional().describe("What users and teams may use; absent: no limits"),
  delete_grace: deleteGrace.optional().describe(
    'For how long a deleted container can be recovered, at most 7d, for all or by team ("*" for each of ' +
      'the others), e.g. 24h; "none": deleted at once',
  ),
  snapshot_before: z.array(z.enum(riskyCalls)).optional()
    .describe("Calls before which a snapshot is taken, where the host has snapshots"),
});

/** A call that a snapshot can be taken before. */
export type RiskyCall = typeof riskyCalls[number];

/** Settings of a container. */
export type TemplateFields = z.output<typeof templateFields>;

/** A template, as the file has it. */
export type TemplateEntry = z.output<typeof templateEntry>;

/** Limits of a user or a team, as the file has them. */
export type QuotaLimits = z.output<typeof limits>;

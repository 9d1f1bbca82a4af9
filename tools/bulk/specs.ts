import { z } from "zod";
import { ContainariumError } from "../../client/mod.ts";
import { createDefaults, newUsernameProblem } from "../../client/internal.ts";
import { present } from "../present.ts";
import {
  type Creation,
  type CreationArgs,
  optionFields,
  resolveCreation,
} from "../creation/resolve.ts";
import { cpu, disk, image, labels, memory, sshKeyLine, ttl } from "../fields.ts";
import { unlessEmpty } from "../lean.ts";
import { newUsernames } from "../schema/new_usernames.ts";
import type { Policy } from "../policy/mod.ts";
import { usernameList } from "./usernames.ts";

// Shorter descriptions than for one container: these are listed twice.
const name = z.string().refine((text) => text !== "", "expected a name").optional();
const own = {
  template: name.describe("Template"),
  cpu: cpu.optional().describe(`CPU: cores (default ${createDefaults.cpu}), 250m or a set 0-3`),
  memory: memory.optional().describe(`Memory (default ${createDefaults.memory})`),
  disk: disk.optional().describe(`Disk (default ${createDefaults.disk})`),
  labels: labels.optional().describe("Labels"),
  "ssh_keys": z.array(sshKeyLine).refine((keys) => keys.length <= 32, "at most 32 keys").optional()
    .describe("Public keys"),
};

const spec = z.strictObject({ username: z.string().describe("Owner"), ...own });

/** Arguments that describe what to create. */
export const specs = {
  usernames: newUsernames.add(usernameList(newUsernameProblem), true).optional().describe(
    "Owners, all alike",
  ),
  containers: z.array(spec).check((context) => {
    const usernames = context.value.map(({ username }) => username);
    const { error } = usernameList(newUsernameProblem).safeParse(usernames);
    for (const { message, path: [at] } of error?.issues ?? []) {
      const path = typeof at === "number" ? [at, "username"] : [];
      context.issues.push({ code: "custom", message, input: usernames, path });
    }
  }).optional().describe("Or one entry each, whose settings override the shared ones"),
  ...own,
  image: image.optional().describe(`Image (default ${createDefaults.image})`),
  ttl: ttl.optional().describe("Deleted after, at most 7d, e.g. 8h"),
  backend: name.describe("Host"),
  pool: name.describe("Pool of hosts"),
  ...optionFields,
};

const specArgs = z.strictObject(specs);

/** What to create. */
export type Specs = z.output<typeof specArgs>;

/**
 * Resolves every creation. Precedence: the container's own settings, the shared settings, a template.
 *
 * @throws {ContainariumError} `invalid_argument`, with every mistake of every container
 */
export function resolveAll(args: Specs, policy: Policy): readonly Creation[] {
  const { usernames, containers, ...shared } = args;
  if ((usernames === undefined) === (containers === undefined)) {
    throw new ContainariumError("invalid_argument", "Pass either usernames or containers");
  }
  const faults: string[] = [];
  const creations = (containers ?? usernames?.map((username) => ({ username })) ?? []).flatMap(
    ({ username, ...own }) => {
      try {
        return [resolveCreation(username, over(shared, own), policy)];
      } catch (error) {
        if (!(error instanceof ContainariumError)) throw error;
        faults.push(`${username}: ${error.message}`);
        return [];
      }
    },
  );
  if (faults.length === 0) return creations;
  throw new ContainariumError("invalid_argument", `${faults.join("; ")}. Nothing was sent`);
}

function over(shared: CreationArgs, own: CreationArgs): CreationArgs {
  const labels = { ...shared.labels, ...own.labels };
  return { ...shared, ...present(own), labels: unlessEmpty(labels) };
}

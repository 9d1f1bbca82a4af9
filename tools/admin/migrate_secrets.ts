import { z } from "zod";
import type { ContainariumClient, KeyServiceStatus, MigrationFailure } from "../../client/mod.ts";
import { ContainariumError } from "../../client/mod.ts";
import { notAgreed, visible } from "../../client/internal.ts";
import { unlessEmpty } from "../lean.ts";
import { quoted } from "../text/quoted.ts";
import { defineTool } from "../tool.ts";
import { readOr } from "../read_or.ts";

const MAX_FAILURES = 20;
const MAX_CHARS = 300;

const failure = z.strictObject({
  username: z.string().describe("Whose"),
  name: z.string().describe("Which"),
  error: z.string().describe("Why: the daemon's words"),
});

/** Encrypts legacy secrets anew; `POST /v1/kms/migrate-to-envelope`. */
export const migrateSecrets = defineTool({
  name: "migrate_secrets",
  title: "Migrate secrets",
  description: "Re-encrypt stored secrets so that the key service (KMS) protects them, after a " +
    "trial without changes.",
  effect: "write",
  idempotent: true,
  scopes: ["kms:admin"],
  role: "admin",
  input: z.strictObject({
    max_secrets: z.int().min(1).optional().describe("Default: all"),
  }),
  output: z.strictObject({
    migrated: z.number().describe("How many are protected now"),
    failed: z.number().optional().describe("How many failed; absent: none"),
    failures: z.array(failure).optional().describe("Some of those that failed"),
    remaining: z.number().optional()
      .describe("How many are not protected yet; absent: that could not be read"),
  }),

  consent: async ({ max_secrets: most }, { client, signal }) => {
    const { keyService } = client;
    const service = await keyService.status({ signal });
    requireKeyService(service);
    const { legacy, total } = await keyService.coverage({ signal });
    const count = Math.min(most ?? legacy, legacy);
    const agreed = { service, count };
    if (count === 0) return { agreed };
    const trial = await keyService.migrate({ maxSecrets: count, isTrial: true, signal });
    const doubt = trial.failed === 0
      ? "A trial found nothing wrong."
      : `In a trial ${trial.failed} of them failed.`;
    return {
      question: {
        message: `Encrypt ${count} of ${total} secrets anew with the key service ` +
          `${quoted(service.backend)}? Without it the daemon can then no longer read them, and ` +
          `there is no way back. ${doubt}`,
        confirm: `Encrypt ${count === 1 ? "1 secret" : `${count} secrets`} anew`,
      },
      agreed,
    };
  },

  run: async ({ max_secrets: most }, { client, signal }, agreed) => {
    const { keyService } = client;
    const service = await keyService.status({ signal });
    requireKeyService(service);
    if (agreed !== undefined && JSON.stringify(service) !== JSON.stringify(agreed.service)) {
      throw notAgreed("The migration was not agreed to: the key service is another one by now");
    }
    const maxSecrets = agreed?.count ?? most;
    const { migrated, failed, failures } = maxSecrets === 0
      ? { migrated: 0, failed: 0, failures: [] }
      : await keyService.migrate({ maxSecrets, signal });
    return {
      migrated,
      failed: unlessEmpty(failed),
      failures: unlessEmpty(failures.slice(0, MAX_FAILURES).map(failureAnswer)),
      remaining: await remainingSecrets(client, signal),
    };
  },

  render: ({ migrated, failed = 0, failures = [], remaining }) =>
    [
      `Migrated ${migrated}, ${failed === 0 ? "" : `${failed} failed, `}${
        remaining === undefined ? "an unknown number" : remaining
      } remaining.`,
      ...failures.map(({ username, name, error }) => `${name} of ${username}: ${error}`),
    ].join("\n"),

  failed: ({ migrated, failed = 0 }) => failed > 0 && migrated === 0,
});

/** The secrets are migrated: that the rest cannot be counted is no failure. */
async function remainingSecrets(
  { keyService }: ContainariumClient,
  signal: AbortSignal,
): Promise<number | undefined> {
  return await readOr(
    async () => (await keyService.coverage({ signal })).legacy,
    () => undefined,
  );
}

function requireKeyService({ isConfigured }: KeyServiceStatus): void {
  if (isConfigured) return;
  throw new ContainariumError("failed_precondition", "This daemon has no key service (KMS)", {
    reason: "no_key_service",
  });
}

function failureAnswer({ username, name, error }: MigrationFailure): z.input<typeof failure> {
  return {
    username: visible(username.slice(0, MAX_CHARS)),
    name: visible(name.slice(0, MAX_CHARS)),
    error: visible(error.slice(0, MAX_CHARS)),
  };
}

import { afterWrite } from "../transport/after_write.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import { ApiPath } from "../transport/api_path.ts";
import type { Http } from "../transport/http.ts";
import { readFlag, readList, readNumber, readObject, readText } from "../wire.ts";

/** What protects the keys that secrets are encrypted with. */
export interface KeyServiceStatus {
  /** Its kind: `none`, `inproc`, a cloud's. */
  readonly backend: string;
  /** The daemon's words about it. */
  readonly description: string | undefined;
  /** Whether there is one. */
  readonly isConfigured: boolean;
  /** Whether the daemon refuses secrets that it does not protect. */
  readonly isRequired: boolean;
}

/** How many secrets are protected by it. */
export interface EnvelopeCoverage {
  /** All secrets of all users. */
  readonly total: number;
  /** Those encrypted with the daemon's own key alone. */
  readonly legacy: number;
  /** Those whose keys the key service protects. */
  readonly enveloped: number;
}

/** How to migrate. */
export interface MigrateOptions extends CallOptions {
  /**
   * Maximum number of secrets. Without a limit a trial never ends.
   *
   * @default The number of legacy ones
   */
  readonly maxSecrets?: number | undefined;
  /**
   * Whether to only try: nothing is changed.
   *
   * @default {false}
   */
  readonly isTrial?: boolean | undefined;
}

/** A secret that could not be migrated. */
export interface MigrationFailure {
  /** Whose it is. */
  readonly username: string;
  /** Its name. */
  readonly name: string;
  /** Why, in the daemon's words. */
  readonly error: string;
}

/** Result of a migration, or of a trial. */
export interface MigrationResult {
  /** Number of secrets that were, or would be, migrated. */
  readonly migrated: number;
  /** Number of attempts that failed. */
  readonly failed: number;
  /** Failures that the daemon describes: not always all. */
  readonly failures: readonly MigrationFailure[];
}

const MAX_SECRETS = 1_000_000;
/** A trial does not get past its first batch. */
const MAX_BATCH = 1_000;

/**
 * The service that protects the keys of secrets (KMS); `/v1/kms`. Needs the admin role, and the scope
 * `kms:admin` in a token with scopes.
 */
export class KeyService {
  readonly #http: Http;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   */
  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Returns what protects the keys; `GET /v1/kms/status`.
   *
   * @throws {ContainariumError} `permission_denied`; `unsupported`
   *
   * @example Is there a key service?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ kms: "inproc" });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { backend, isConfigured } = await client.keyService.status();
   * assertEquals([backend, isConfigured], ["inproc", true]);
   * ```
   */
  async status(options: CallOptions = {}): Promise<KeyServiceStatus> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("kms", "status"), call);
    return {
      backend: readText(answer.backend) ?? "",
      description: readText(answer.description),
      isConfigured: readFlag(answer.kmsConfigured),
      isRequired: readFlag(answer.requireEnvelope),
    };
  }

  /**
   * Counts the secrets that it protects; `GET /v1/kms/envelope-coverage`.
   *
   * @throws {ContainariumError} `failed_precondition` (`no_secrets_store`); `permission_denied`
   *
   * @example Count them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const secrets = [{ username: "alice", name: "API_KEY", value: "s3cr3t-value" }];
   * await using daemon = await startDaemon({ kms: "inproc", secrets });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const coverage = await client.keyService.coverage();
   * assertEquals(coverage, { total: 1, legacy: 0, enveloped: 1 });
   * ```
   */
  async coverage(options: CallOptions = {}): Promise<EnvelopeCoverage> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("kms", "envelope-coverage"), call);
    return {
      total: readNumber(answer.total),
      legacy: readNumber(answer.legacy),
      enveloped: readNumber(answer.envelope),
    };
  }

  /**
   * Encrypts legacy secrets anew, so that the key service protects them; `POST /v1/kms/migrate-to-envelope`.
   * Their values and versions stay. If there are none, nothing is sent.
   *
   * @throws {ContainariumError} `failed_precondition` (`no_key_service`, `no_secrets_store`);
   * `invalid_argument` for a limit out of range; `permission_denied`
   *
   * @example Migrate all
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const secrets = [{ username: "alice", name: "API_KEY", value: "s3cr3t-value", legacy: true }];
   * await using daemon = await startDaemon({ kms: "inproc", secrets });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { migrated } = await client.keyService.migrate();
   * assertEquals(migrated, 1);
   * ```
   */
  async migrate(options: MigrateOptions = {}): Promise<MigrationResult> {
    using call = new CallDeadline(options);
    const { maxSecrets, isTrial = false } = options;
    if (maxSecrets !== undefined && !isCount(maxSecrets)) {
      throw new ContainariumError(
        "invalid_argument",
        `maxSecrets must be from 1 to ${MAX_SECRETS}`,
      );
    }
    const { legacy } = await this.coverage(call);
    const most = Math.min(maxSecrets ?? MAX_SECRETS, legacy);
    if (most < 1) return { migrated: 0, failed: 0, failures: [] };
    const answer = await this.#http.request("POST", new ApiPath("kms", "migrate-to-envelope"), {
      ...call,
      body: {
        dryRun: isTrial,
        batchSize: String(Math.min(most, MAX_BATCH)),
        // Absent or 0 is no limit, and a trial then counts the same rows for ever.
        maxRows: String(most),
      },
    });
    return await afterWrite("The migration", () => ({
      migrated: readNumber(answer.migrated),
      failed: readNumber(answer.failed),
      failures: readList(answer.errors, "errors").map(readFailure),
    }));
  }
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MAX_SECRETS;
}

function readFailure(value: unknown): MigrationFailure {
  const wire = readObject(value, "error");
  return {
    username: readText(wire.username) ?? "",
    name: readText(wire.name) ?? "",
    error: readText(wire.error) ?? "",
  };
}

import { afterWrite } from "../transport/after_write.ts";
import { ApiPath } from "../transport/api_path.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { MAX_HELD_MS, PendingWork } from "../async/pending_work.ts";
import { together } from "../async/together.ts";
import { type AgreedContainer, refuseOther } from "../containers/agreed.ts";
import type { Containers } from "../containers/containers.ts";
import { containerName } from "../containers/username.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Secrets } from "../secrets/mod.ts";
import { nearest } from "../text/nearest.ts";
import type { Http } from "../transport/http.ts";
import { type JsonObject, readList, readListOf, readObject, readText } from "../wire.ts";
import { type AgreedBackup, refuseOtherBackup } from "./agreed_backup.ts";
import { type Backup, readBackup, readVerification } from "./backup.ts";
import { backupBucketProblem, compareBackups, untilNextSecond } from "./backup_creation.ts";
import type {
  CreateBackupOptions,
  CreateBackupResult,
  DeleteBackupOptions,
  DeleteBackupResult,
  ListBackupsOptions,
  LookBackupOptions,
  RestoreBackupOptions,
  RestoreBackupResult,
  VerifyBackupOptions,
  VerifyBackupResult,
} from "./backup_options.ts";
import {
  creationName,
  requireRunning,
  restoreName,
  settle,
  verificationName,
  withoutPassword,
} from "./backup_work.ts";
import {
  checkLogin,
  type Connection,
  connectionTo,
  type DatabaseLogin,
  refuseConnectionName,
} from "./database_login.ts";

/**
 * Backups of PostgreSQL databases in containers; `/v1/backups`. The daemon runs `pg_dump`, `pg_restore`
 * and `psql` in the container, against its own server. A password is named by the container's secret that
 * holds it, and only sent to the daemon.
 */
export class Backups implements Disposable {
  readonly #http: Http;
  readonly #containers: Containers;
  readonly #secrets: Secrets;
  readonly #creations = new PendingWork<CreateBackupResult>();
  readonly #restores = new PendingWork<RestoreBackupResult>();
  readonly #verifications = new PendingWork<VerifyBackupResult>();

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param containers Reads the containers that databases are in
   * @param secrets Reads the passwords of databases
   */
  constructor(http: Http, containers: Containers, secrets: Secrets) {
    this.#http = http;
    this.#containers = containers;
    this.#secrets = secrets;
  }

  /**
   * Lists backups, the newest first; `GET /v1/backups`. Without the admin role, only your own.
   *
   * @throws {ContainariumError} `unsupported` when the daemon is too old
   *
   * @example List them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * daemon.backUp("alice", "appdb");
   * const [backup] = await client.backups.list({ username: "alice" });
   * assertEquals(backup?.database, "appdb");
   * ```
   */
  async list(options: ListBackupsOptions = {}): Promise<readonly Backup[]> {
    using call = new CallDeadline(options);
    const { username } = options;
    const query = { username };
    const answer = await this.#http.request("GET", new ApiPath("backups"), { ...call, query });
    const backups = readListOf(answer, "records").map(readBackup);
    // For a user, the daemon lists their own, whoever is asked for.
    return backups.filter((backup) => username === undefined || backup.username === username);
  }

  /**
   * Gets a backup; `GET /v1/backups/{id}`.
   *
   * @throws {ContainariumError} `not_found` (`backup_missing`) if there is none of that id
   *
   * @example Get one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { destination } = await client.backups.get(daemon.backUp("alice", "appdb"));
   * assertEquals(destination, "local");
   * ```
   */
  async get(id: string, options: CallOptions = {}): Promise<Backup> {
    using call = new CallDeadline(options);
    try {
      const answer = await this.#http.request("GET", new ApiPath("backups", id), call);
      return readBackup(answer.record);
    } catch (error) {
      throw await this.#named(error, id, call);
    }
  }

  /**
   * Backs up a database in a running container, or each; `POST /v1/backups`. Waits for the next second if
   * another backup of the user may be of this one: the daemon would overwrite it. The same call again joins
   * the pending one, and for ten minutes returns its outcome.
   *
   * @throws {ContainariumError} `not_found` when there is no container, database or secret;
   * `failed_precondition` when the container does not run, or its server does not let the user in
   * (`database_login_failed`) or is not there (`database_unreachable`, `no_database_programs`), or if the
   * container is not the one agreed to; `conflict` while another backup of the user is being made by this client
   *
   * @example Back up a database, with the password in a secret
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const password = "s3cr3t-value";
   * const databases = { appdb: 1 };
   * await using daemon = await startDaemon({
   *   containers: [{ username: "alice" }],
   *   postgresBoxes: [{ username: "alice", user: "app", password, databases }],
   *   secrets: [{ username: "alice", name: "DB_PASSWORD", value: password }],
   * });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const login = { user: "app", passwordSecret: "DB_PASSWORD" };
   * const made = await client.backups.create("alice", { database: "appdb", ...login });
   * if (made.kind === "pending") throw new Error("It takes longer");
   * assertEquals(made.created.map(({ database }) => database), ["appdb"]);
   * ```
   */
  async create(username: string, options: CreateBackupOptions = {}): Promise<CreateBackupResult> {
    using call = new CallDeadline(options);
    const { database, bucket } = options;
    checkLogin(options, database);
    const problem = bucket === undefined ? undefined : backupBucketProblem(bucket);
    if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
    const container = requireRunning(await this.#containers.get(username, call));
    const name = creationName(options, container);
    let work = this.#creations.join(username, name.key);
    if (work === undefined) {
      if (options.agreed !== undefined) {
        refuseOther(container, options.agreed, `The backup of ${containerName(username)}`);
      }
      const connection = await this.#connection(username, options, database, call);
      work = this.#creations.begin(
        username,
        name,
        (held) => this.#make(username, options, connection, held),
      );
    }
    return await settle(this.#creations, username, work, options, call);
  }

  /**
   * Returns whether the same backup is being made, or ended recently, so that `create` joins it.
   *
   * @example Ask before data leave the host
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const container = await client.containers.get("alice");
   * const options = { bucket: "gs://team-backups" };
   * assertEquals(client.backups.isCreating({ container }, options), false);
   * ```
   */
  isCreating({ container }: AgreedContainer, options: CreateBackupOptions = {}): boolean {
    if (container === undefined) return false;
    return this.#creations.has(container.username, creationName(options, container).key);
  }

  async #make(
    username: string,
    { bucket }: CreateBackupOptions,
    connection: Connection,
    signal: AbortSignal,
  ): Promise<CreateBackupResult> {
    const before = await this.list({ username, signal });
    await untilNextSecond(before, { signal });
    const answer = await this.#post(["backups"], connection, signal, {
      username,
      destination: `BACKUP_DESTINATION_${bucket === undefined ? "LOCAL" : "GCS"}`,
      ...(bucket === undefined ? {} : { gcsBucket: bucket }),
    });
    const what = `The backup of ${containerName(username)}`;
    const { reported, failures } = await afterWrite(what, () => ({
      reported: readList(answer.records, "records").map(readBackup),
      failures: readList(answer.failures, "failures").flatMap((text) =>
        connection.shown(readText(text) ?? "unknown")
      ),
    }));
    const after = await this.list({ username, signal }).catch((error: unknown) => {
      if (!(error instanceof ContainariumError)) throw error;
      const ids = reported.map(({ id }) => id).join(", ");
      throw restate(
        error,
        `The daemon reports ${ids}, but its list could not be read: ${error.message}`,
        {
          code: "ambiguous",
        },
      );
    });
    return { kind: "ended", failures, ...compareBackups(reported, before, after) };
  }

  /**
   * Restores a backup into a database of the running container that it is from;
   * `POST /v1/backups/{id}/restore`. The same call again joins the pending one.
   *
   * @throws {ContainariumError} `not_found` when there is no backup, container, database or secret;
   * `failed_precondition` if it is not the one agreed to, if the archive is damaged (`backup_damaged`), if
   * the server cannot be used, as in `create`, or if it failed with parts done (`restored_in_part`)
   *
   * @example Restore one over what is there
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const password = "s3cr3t-value";
   * const databases = { appdb: 1 };
   * await using daemon = await startDaemon({
   *   containers: [{ username: "alice" }],
   *   postgresBoxes: [{ username: "alice", user: "app", password, databases }],
   *   secrets: [{ username: "alice", name: "DB_PASSWORD", value: password }],
   * });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const options = { user: "app", passwordSecret: "DB_PASSWORD", clean: true };
   * const { kind } = await client.backups.restore(daemon.backUp("alice", "appdb"), options);
   * assertEquals(kind, "restored");
   * ```
   */
  async restore(id: string, options: RestoreBackupOptions = {}): Promise<RestoreBackupResult> {
    using call = new CallDeadline(options);
    checkLogin(options, options.database);
    const backup = await this.get(id, call);
    const { username } = backup;
    const container = await this.#containers.get(username, call);
    const name = restoreName(backup, options, container);
    let work = this.#restores.join(username, name.key);
    if (work === undefined) {
      if (options.agreed !== undefined) {
        refuseOtherBackup({ container, backup }, options.agreed, "The restore");
      }
      requireRunning(container);
      const database = options.database ?? backup.database;
      refuseConnectionName(database);
      const connection = await this.#connection(username, options, database, call);
      work = this.#restores.begin(username, name, async (held) => {
        const clean = options.clean === true ? { clean: true } : {};
        await this.#post(["backups", id, "restore"], connection, held, clean);
        return { kind: "restored", backup, database };
      });
    }
    return await settle(this.#restores, username, work, options, call);
  }

  /**
   * Returns whether the same restore is in progress, or ended recently, so that `restore` joins it.
   *
   * @example Ask before a restore
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const seen = await client.backups.look(daemon.backUp("alice", "appdb"));
   * assertEquals(client.backups.isRestoring(seen), false);
   * ```
   */
  isRestoring({ backup, container }: AgreedBackup, options: RestoreBackupOptions = {}): boolean {
    if (backup === undefined || container === undefined) return false;
    return this.#restores.has(backup.username, restoreName(backup, options, container).key);
  }

  /**
   * Tests a backup: loads it into a scratch database in the running container of another user;
   * `POST /v1/backups/{id}/verify`. The daemon keeps the result with the backup. The same call again joins
   * the pending one.
   *
   * @param target Owner of that container: the backup's own database is never touched
   * @throws {ContainariumError} `not_found` when there is no backup, container or secret;
   * `invalid_argument` for the container that the backup is from; `failed_precondition` when the target
   * does not run, or if it or the backup is not what was agreed to
   *
   * @example Test one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }, { username: "scratch" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const tested = await client.backups.verify(daemon.backUp("alice", "appdb"), "scratch");
   * if (tested.kind === "pending") throw new Error("It takes longer");
   * assertEquals(tested.verification.result, "not_tested"); // scratch-container has no PostgreSQL
   * ```
   */
  async verify(
    id: string,
    target: string,
    options: VerifyBackupOptions = {},
  ): Promise<VerifyBackupResult> {
    using call = new CallDeadline(options);
    checkLogin(options, undefined);
    const [backup, container] = await together([
      this.get(id, call),
      this.#containers.get(target, call),
    ]);
    if (backup.username === target) {
      throw new ContainariumError(
        "invalid_argument",
        `The backup is of ${
          containerName(target)
        } itself: it is tested in the container of another user`,
        { details: { username: target, backup: id } },
      );
    }
    const name = verificationName(backup, options, container);
    let work = this.#verifications.join(target, name.key);
    if (work === undefined) {
      if (options.agreed !== undefined) {
        refuseOtherBackup({ container, backup }, options.agreed, "The verification");
      }
      requireRunning(container);
      const connection = await this.#connection(target, options, undefined, call);
      work = this.#verifications.begin(target, name, async (held) => {
        const fields = { targetUsername: target };
        const answer = await this.#post(["backups", id, "verify"], connection, held, fields);
        const verification = await afterWrite(
          `The verification of the backup ${id}`,
          () => readVerification(readObject(answer.verification, "verification")),
        );
        return { kind: "ended", verification: withoutPassword(verification, connection) };
      });
    }
    return await settle(this.#verifications, target, work, options, call);
  }

  /**
   * Returns whether the same verification is in progress, or ended recently, so that `verify` joins it.
   *
   * @param seen The backup, and the container of the target
   *
   * @example Ask before a verification
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }, { username: "scratch" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const id = daemon.backUp("alice", "appdb");
   * const seen = await client.backups.look(id, { target: "scratch" });
   * assertEquals(client.backups.isVerifying(seen), false);
   * ```
   */
  isVerifying({ backup, container }: AgreedBackup, options: VerifyBackupOptions = {}): boolean {
    if (backup === undefined || container === undefined) return false;
    const { key } = verificationName(backup, options, container);
    return this.#verifications.has(container.username, key);
  }

  /**
   * Deletes a backup with its archive, and reads back that it is gone; `DELETE /v1/backups/{id}`. If there
   * is none, the call succeeds with `deleted: undefined`.
   *
   * @throws {ContainariumError} `failed_precondition` if it is not the one agreed to; `internal` if the
   * daemon keeps it
   *
   * @example Delete one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { deleted } = await client.backups.delete(daemon.backUp("alice", "appdb"));
   * assertEquals(deleted?.database, "appdb");
   * ```
   */
  async delete(id: string, options: DeleteBackupOptions = {}): Promise<DeleteBackupResult> {
    using call = new CallDeadline(options);
    const backup = await this.#find(id, call);
    if (backup === undefined) return { deleted: undefined };
    if (options.agreed !== undefined) refuseOtherBackup({ backup }, options.agreed, "The deletion");
    try {
      await this.#http.request("DELETE", new ApiPath("backups", id), call);
    } catch (error) {
      if (isMissing(error)) return { deleted: undefined };
      throw error;
    }
    const left = await afterWrite(`The deletion of the backup ${id}`, () => this.#find(id, call));
    if (left === undefined) return { deleted: backup };
    throw new ContainariumError(
      "internal",
      "The daemon reports the backup as deleted and still has it",
      { details: { backup: id } },
    );
  }

  /**
   * Gets a backup and the container that it is from, or would be tested in, to ask the user first.
   *
   * @returns Without the backup or the container that does not exist
   *
   * @example Read one with its container
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { backup, container } = await client.backups.look(daemon.backUp("alice", "appdb"));
   * assertEquals([backup?.database, container?.state], ["appdb", "running"]);
   * ```
   */
  async look(id: string, options: LookBackupOptions = {}): Promise<AgreedBackup> {
    using call = new CallDeadline(options);
    const backup = await this.#find(id, call);
    if (backup === undefined) return {};
    const { target = backup.username } = options;
    return { backup, container: await this.#containers.find(target, call) };
  }

  async #find(id: string, call: CallOptions): Promise<Backup | undefined> {
    try {
      const answer = await this.#http.request("GET", new ApiPath("backups", id), call);
      return readBackup(answer.record);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #connection(
    username: string,
    login: DatabaseLogin,
    database: string | undefined,
    call: CallOptions,
  ): Promise<Connection> {
    return await connectionTo(username, login, database, this.#secrets, call);
  }

  /** The daemon holds the request open until it is done. */
  async #post(
    path: readonly string[],
    { body: connection, redacted }: Connection,
    signal: AbortSignal,
    fields: JsonObject,
  ): Promise<JsonObject> {
    const body = { ...fields, ...(connection === undefined ? {} : { connection }) };
    try {
      return await this.#http.request("POST", new ApiPath(...path), {
        signal,
        body,
        timeoutMs: MAX_HELD_MS,
      });
    } catch (error) {
      throw redacted(error);
    }
  }

  async #named(error: unknown, id: string, call: CallOptions): Promise<unknown> {
    if (!isMissing(error)) return error;
    const ids = (await this.list(call).catch(() => [])).map((backup) => backup.id);
    return restate(error, "There is no backup of that id", {
      details: { backup: id, meant: nearest(id, ids) },
    });
  }

  /** Drops the pending requests. */
  [Symbol.dispose](): void {
    this.#creations[Symbol.dispose]();
    this.#restores[Symbol.dispose]();
    this.#verifications[Symbol.dispose]();
  }
}

function isMissing(error: unknown): error is ContainariumError {
  return error instanceof ContainariumError && error.reason === "backup_missing";
}

import { afterWrite } from "../transport/after_write.ts";
import type { AgreedContainer } from "../containers/agreed.ts";
import type { Container } from "../containers/container.ts";
import type { Containers } from "../containers/containers.ts";
import { containerName, requireUsername } from "../containers/username.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { ApiPath } from "../transport/api_path.ts";
import { nearest } from "../text/nearest.ts";
import type { SecretValues } from "../text/secret_values.ts";
import { readListOf, readNumber, readText } from "../wire.ts";
import { type AgreedSecret, refuseOtherSecret } from "./agreed_secret.ts";
import {
  newSecretNameProblem,
  refuseProblem,
  secretNameProblem,
  secretPath,
  secretValueProblem,
} from "./secret_name.ts";
import { readSecret, type RevealedSecret, type Secret, type SecretDelivery } from "./secret.ts";

/** How to get a secret's value. */
export interface GetSecretOptions extends CallOptions {
  /**
   * Gets only this one; refuses if it has changed since, or if there is one and was none.
   *
   * @default The current one
   */
  readonly agreed?: AgreedSecret | undefined;
}

/** How to set a secret. */
export interface SetSecretOptions extends CallOptions {
  /**
   * How the container gets it.
   *
   * @default As it gets the one that is replaced; `env` for a new one
   */
  readonly delivery?: SecretDelivery | undefined;
  /**
   * Replaces only this one; refuses if it has changed since, or if there is one and was none.
   *
   * @default The current state
   */
  readonly agreed?: AgreedSecret | undefined;
}

/** Result of setting a secret. */
export interface SetSecretResult {
  /** The secret, as the daemon lists it afterwards. */
  readonly secret: Secret;
  /** The one that it replaced, if there was one. */
  readonly replaced: Secret | undefined;
  /** The container. Unless it is running, it gets the secret when it starts. */
  readonly container: Container;
  /** Number of the container's secrets that the daemon did not get into it. */
  readonly undelivered: number;
}

/** How to delete a secret. */
export interface DeleteSecretOptions extends CallOptions {
  /**
   * Deletes only this one; refuses if it has changed since.
   *
   * @default The current one
   */
  readonly agreed?: AgreedSecret | undefined;
}

/** Result of a deletion. */
export interface DeleteSecretResult {
  /** The secret that was deleted. Absent if there was none of that name. */
  readonly deleted: Secret | undefined;
}

/** Result of a refresh. */
export interface RefreshSecretsResult {
  /** Number of secrets that the daemon put into the container: 0 also if there is no container. */
  readonly delivered: number;
}

/**
 * Secrets of containers; `/v1/secrets`. Throws `failed_precondition` (`no_secrets_store`) at a daemon
 * that was set up without app hosting, and `unsupported` at one that is too old.
 *
 * They belong to the username: they outlive the container, and a new one of its name gets them. The
 * daemon takes nothing back: after a change or a deletion, a container keeps what it has been given.
 */
export class Secrets {
  readonly #http: Http;
  readonly #containers: Containers;
  readonly #values: SecretValues;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param containers Reads the containers that get secrets
   * @param values Takes the values out of logs and errors
   */
  constructor(http: Http, containers: Containers, values: SecretValues) {
    this.#http = http;
    this.#containers = containers;
    this.#values = values;
  }

  /**
   * Lists a user's secrets by name, without values; `GET /v1/secrets/{username}`. Empty also if there is
   * no container.
   *
   * @throws {ContainariumError} `permission_denied`; `unsupported`
   *
   * @example List them
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const secrets = [{ username: "alice", name: "API_KEY", value: "s3cr3t-value" }];
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }], secrets });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const [secret] = await client.secrets.list("alice");
   * assertEquals([secret?.name, secret?.delivery], ["API_KEY", "env"]);
   * ```
   */
  async list(username: string, options: CallOptions = {}): Promise<readonly Secret[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", secretPath(username), call);
    return readListOf(answer, "secrets").map(readSecret);
  }

  /**
   * Gets a secret with its value; `GET /v1/secrets/{username}/{name}`. From then on, the client takes the
   * value out of its logs and errors.
   *
   * @throws {ContainariumError} `not_found` if there is none of that name; `invalid_argument` for an
   * invalid name; `failed_precondition` if it is not the one agreed to; `unsupported`
   *
   * @example Get a value
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const secrets = [{ username: "alice", name: "API_KEY", value: "s3cr3t-value" }];
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }], secrets });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { value } = await client.secrets.get("alice", "API_KEY");
   * assertEquals(value, "s3cr3t-value");
   * ```
   */
  async get(
    username: string,
    name: string,
    options: GetSecretOptions = {},
  ): Promise<RevealedSecret> {
    using call = new CallDeadline(options);
    refuseProblem(secretNameProblem(name));
    try {
      const answer = await this.#http.request("GET", secretPath(username, name), call);
      const value = readText(answer.value) ?? "";
      this.#values.remember(value);
      const secret = { ...readSecret(answer.secret), value };
      if (options.agreed !== undefined) {
        refuseOtherSecret({ secret }, options.agreed, username, "Showing the value");
      }
      return secret;
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw await this.#missing(error, username, name, call);
    }
  }

  /**
   * Sets a secret of a container, has the daemon put it into the container, and reads back that it did;
   * `POST /v1/secrets`, `POST /v1/secrets/{username}/refresh`. Running processes keep the environment that
   * they were started with.
   *
   * The client takes the value out of its logs and errors, unless it has fewer than 8 characters.
   *
   * @throws {ContainariumError} `not_found` when there is no container; `invalid_argument` for a name
   * or a value that cannot be one, or a name that the system needs, such as `PATH`;
   * `failed_precondition` if it would replace another one than agreed; `internal`
   * (`secret_not_applied`) if the daemon keeps something else; `unsupported`
   *
   * @example Set a password that nobody has seen
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient, randomSecret } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const options = { delivery: "file" } as const;
   * const { secret } = await client.secrets.set("alice", "DB_PASSWORD", randomSecret(), options);
   * assertEquals([secret.version, secret.delivery], [1, "file"]);
   * ```
   */
  async set(
    username: string,
    name: string,
    value: string,
    options: SetSecretOptions = {},
  ): Promise<SetSecretResult> {
    using call = new CallDeadline(options);
    this.#values.remember(value);
    refuseProblem(newSecretNameProblem(name));
    refuseProblem(secretValueProblem(value));
    const now = await this.look(username, name, call);
    const container = requireContainer(username, now);
    if (options.agreed !== undefined) {
      refuseOtherSecret(now, options.agreed, username, "The replacement");
    }
    const { secret: replaced } = now;
    const delivery = options.delivery ?? replaced?.delivery ?? "env";
    // Older daemons know no such field, and to all of them its absence means env.
    const body = { username, name, value, ...(delivery === "env" ? {} : { delivery }) };
    const answer = await this.#http.request("POST", new ApiPath("secrets"), { ...call, body });
    const { version } = await afterWrite(`The secret ${name}`, () => readSecret(answer.secret));
    return await this.#applied(
      username,
      name,
      { version, delivery },
      { replaced, container },
      call,
    );
  }

  /** The daemon puts secrets into a container by itself only when it starts, or up to a minute later. */
  async #applied(
    username: string,
    name: string,
    { version, delivery }: Pick<Secret, "version" | "delivery">,
    known: Pick<SetSecretResult, "replaced" | "container">,
    call: CallOptions,
  ): Promise<SetSecretResult> {
    try {
      const { delivered } = await this.refresh(username, call);
      const secrets = await this.list(username, call);
      const secret = secrets.find((secret) => secret.name === name);
      if (secret?.version !== version || secret.delivery !== delivery) {
        throw new ContainariumError(
          "internal",
          secret === undefined
            ? "the daemon does not list it afterwards"
            : `the daemon keeps version ${secret.version} as ${secret.delivery}, not version ${version} ` +
              `as ${delivery}`,
          { reason: "secret_not_applied", details: { username, secret: name } },
        );
      }
      return { ...known, secret, undelivered: Math.max(0, secrets.length - delivered) };
    } catch (error) {
      if (!(error instanceof ContainariumError)) throw error;
      const message = `The daemon accepted the secret ${name}, but whether ` +
        `${containerName(username)} gets it is not known: ${error.message}`;
      throw error.reason === "secret_not_applied"
        ? restate(error, message)
        : afterAcceptance(error, message);
    }
  }

  /**
   * Deletes a secret from the store; `DELETE /v1/secrets/{username}/{name}`. If there is none, the call
   * succeeds with `deleted: undefined`. The container keeps what it has been given, except of Compose's
   * `env_file`.
   *
   * @throws {ContainariumError} `invalid_argument` for an invalid name; `failed_precondition` if it is
   * not the one agreed to; `unsupported`
   *
   * @example Delete one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const secrets = [{ username: "alice", name: "API_KEY", value: "s3cr3t-value" }];
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }], secrets });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * await client.secrets.delete("alice", "API_KEY");
   * assertEquals(await client.secrets.list("alice"), []);
   * ```
   */
  async delete(
    username: string,
    name: string,
    options: DeleteSecretOptions = {},
  ): Promise<DeleteSecretResult> {
    using call = new CallDeadline(options);
    refuseProblem(secretNameProblem(name));
    const secret = await this.#find(username, name, call);
    if (secret === undefined) return { deleted: undefined };
    if (options.agreed !== undefined) {
      refuseOtherSecret({ secret }, options.agreed, username, "The deletion");
    }
    try {
      await this.#http.request("DELETE", secretPath(username, name), call);
    } catch (error) {
      if (isMissing(error)) return { deleted: undefined };
      throw error;
    }
    // A refresh writes that file anew, without it.
    if (secret.delivery === "compose") await this.#refreshAfterDelete(username, name, call);
    return { deleted: secret };
  }

  async #refreshAfterDelete(username: string, name: string, call: CallOptions): Promise<void> {
    try {
      await this.refresh(username, call);
    } catch (error) {
      if (!(error instanceof ContainariumError)) throw error;
      throw afterAcceptance(
        error,
        `The secret ${name} was deleted, but whether it is still in the env_file of ` +
          `${containerName(username)} is not known: ${error.message}`,
      );
    }
  }

  /**
   * Has the daemon put a user's secrets into the container now; `POST /v1/secrets/{username}/refresh`.
   * `set` does so by itself.
   *
   * @throws {ContainariumError} `permission_denied`; `unsupported`
   *
   * @example Put them in
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const secrets = [{ username: "alice", name: "API_KEY", value: "s3cr3t-value" }];
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }], secrets });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * assertEquals(await client.secrets.refresh("alice"), { delivered: 1 });
   * ```
   */
  async refresh(username: string, options: CallOptions = {}): Promise<RefreshSecretsResult> {
    using call = new CallDeadline(options);
    const path = secretPath(username, "refresh");
    const answer = await this.#http.request("POST", path, { ...call, body: {} });
    return { delivered: readNumber(answer.stamped) };
  }

  /**
   * Gets a secret without its value, and its container, to ask the user about a change.
   *
   * @returns Without the secret or the container that does not exist
   *
   * @example Read one with its container
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * const secrets = [{ username: "alice", name: "API_KEY", value: "s3cr3t-value" }];
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }], secrets });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const { secret, container } = await client.secrets.look("alice", "API_KEY");
   * assertEquals([secret?.version, container?.state], [1, "running"]);
   * ```
   */
  async look(username: string, name: string, options: CallOptions = {}): Promise<AgreedSecret> {
    using call = new CallDeadline(options);
    refuseProblem(secretNameProblem(name));
    requireUsername(username);
    const secret = await this.#find(username, name, call);
    return { secret, container: await this.#containers.find(username, call) };
  }

  async #find(username: string, name: string, call: CallOptions): Promise<Secret | undefined> {
    return (await this.list(username, call)).find((secret) => secret.name === name);
  }

  async #missing(
    error: ContainariumError,
    username: string,
    name: string,
    call: CallOptions,
  ): Promise<ContainariumError> {
    const names = (await this.list(username, call).catch(() => [])).map(({ name }) => name);
    return restate(error, `${containerName(username)} has no secret ${name}`, {
      details: { username, secret: name, meant: nearest(name, names) },
    });
  }
}

/** The refusal of a further step is none of the change itself. */
function afterAcceptance(error: ContainariumError, message: string): ContainariumError {
  return error.code === "cancelled"
    ? restate(error, message)
    : restate(error, message, { code: "ambiguous", reason: "response_lost" });
}

function isMissing(error: unknown): error is ContainariumError {
  return error instanceof ContainariumError && error.reason === "secret_missing";
}

/** The daemon would keep a secret for whoever gets a container of that name one day. */
function requireContainer(username: string, { container }: AgreedContainer): Container {
  if (container !== undefined && container.state !== "failed") return container;
  throw new ContainariumError("not_found", `There is no container for ${username}`, {
    details: { username },
  });
}

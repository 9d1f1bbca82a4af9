import { containerName } from "../containers/username.ts";
import type { ApiPath } from "../transport/api_path.ts";
import { afterWrite } from "../transport/after_write.ts";
import type { Container, ContainerState, Limits } from "../containers/container.ts";
import type { Containers } from "../containers/containers.ts";
import { CallDeadline, isGivenUp } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { createDefaults } from "../containers/create_options.ts";
import { refuseInTheWay } from "../containers/create_checks.ts";
import { poll } from "../async/poll.ts";
import { ContainariumError, restate } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import type { JsonObject } from "../wire.ts";
import type { DeploySpec, DeployWaitOptions } from "./deploy_options.ts";
import { refuseIncomplete } from "./deploy_checks.ts";
import { deployBody, type Deployed, requestDeployment } from "./deploy_request.ts";
import type { PendingWork, Work } from "../async/pending_work.ts";
import type { Recipe } from "./recipe.ts";

/** A recipe's container that exists, or that is still being created when the wait ends. */
export type DeployResult =
  | {
    readonly done: false;
    /** The recipe. */
    readonly recipe: Recipe;
    /** The container, once the daemon lists it. */
    readonly container?: Container | undefined;
  }
  | {
    readonly done: true;
    /** The recipe. */
    readonly recipe: Recipe;
    /**
     * Whether the daemon still runs the recipe's own commands in the container, on which it reports
     * nothing; otherwise they have succeeded.
     */
    readonly isSettingUp: boolean;
    /** The container. */
    readonly container: Container;
    /** The daemon's message. */
    readonly message: string;
    /** Public URL of the application, if the daemon routes to it. */
    readonly url?: string | undefined;
  };

/** A deployment that was checked and not sent yet. */
export interface PreparedDeployment {
  /** The recipe. */
  readonly recipe: Recipe;
  /** The limits that the container will have. */
  readonly limits: Required<Limits>;
  /** Whether the same deployment is in progress or ended recently, so that starting it sends nothing. */
  readonly isPending: boolean;
  /**
   * Sends it, or joins the same deployment in progress.
   *
   * @throws {ContainariumError} `conflict` while another deployment for the user is in progress
   */
  begin(): Deployment;
}

/** A deployment that was sent. */
export interface Deployment {
  /** Whether another call sent it. */
  readonly isJoined: boolean;
  /**
   * Waits for the daemon's answer, however long that takes.
   *
   * @throws {ContainariumError} Whatever ended the creation
   */
  answered(): Promise<void>;
  /**
   * Waits until the container exists or the wait ends.
   *
   * @throws {ContainariumError} Whatever ended the creation; `cancelled`, which leaves it as it is
   */
  wait(options?: DeployWaitOptions): Promise<DeployResult>;
}

const FIRST_LOOK_MS = 250;
const pace = { firstMs: FIRST_LOOK_MS, factor: 1.5, maxMs: 2_000 };

/** Returns the limits of a recipe's container: the given ones, else the recipe's, else the daemon's. */
export function deployLimits(
  { limits }: Recipe,
  { cpu, memory, disk }: Limits,
): Required<Limits> {
  return {
    cpu: cpu ?? limits.cpu ?? createDefaults.cpu,
    memory: memory ?? limits.memory ?? createDefaults.memory,
    disk: disk ?? limits.disk ?? createDefaults.disk,
  };
}

/** Deploys recipes: checks, sends, and polls. */
export class Deployer {
  readonly #http: Http;
  readonly #containers: Containers;
  readonly #pending: PendingWork<Deployed>;

  /** @param pending Deployments in progress */
  constructor(http: Http, containers: Containers, pending: PendingWork<Deployed>) {
    this.#http = http;
    this.#containers = containers;
    this.#pending = pending;
  }

  /** Prepares one, at the path of its deployment. */
  async prepare(
    path: ApiPath,
    recipe: Recipe,
    spec: DeploySpec,
    { signal }: CallOptions,
  ): Promise<PreparedDeployment> {
    const { username } = spec;
    refuseIncomplete(recipe, spec);
    const body = deployBody(spec);
    const name = {
      key: JSON.stringify([recipe.id, body]),
      title: `The deployment of ${recipe.id} as ${containerName(username)}`,
    };
    const joined = await this.#join(username, name.key, { signal });
    if (joined === undefined) await refuseInTheWay(this.#containers, username, signal);
    return {
      recipe,
      limits: deployLimits(recipe, spec),
      isPending: joined !== undefined,
      begin: () => {
        let isJoined = true;
        const work = joined ?? this.#pending.begin(username, name, (closed) => {
          isJoined = false;
          return this.#post(path, recipe, body, closed);
        });
        return {
          isJoined,
          answered: async () => {
            const outcome = await work.outcome;
            if (outcome.kind === "failed") throw outcome.error;
          },
          wait: (options = {}) => this.#watch(username, work, recipe, options),
        };
      },
    };
  }

  /** A deployment that succeeded is returned only for the container that it created. */
  async #join(
    username: string,
    key: string,
    { signal }: CallOptions,
  ): Promise<Work<Deployed> | undefined> {
    const work = this.#pending.join(username, key);
    if (work?.endedAt === undefined) return work;
    const outcome = await work.outcome;
    if (outcome.kind === "failed") return work;
    const now = await this.#containers.find(username, { signal });
    const madeAt = outcome.value.createdAt?.getTime();
    if (now !== undefined && now.createdAt?.getTime() === madeAt) return work;
    this.#pending.forget(username);
    return undefined;
  }

  async #post(
    path: ApiPath,
    recipe: Recipe,
    body: JsonObject & { readonly name: string },
    signal: AbortSignal,
  ): Promise<Deployed> {
    try {
      return await requestDeployment(this.#http, path, recipe, body, signal);
    } catch (error) {
      const isLost = error instanceof ContainariumError && error.code === "ambiguous";
      if (!isLost) throw error;
      const username = body.name;
      const seen = await this.#look(username, signal);
      const finding = seen === undefined
        ? `${containerName(username)} is not listed`
        : `${containerName(username)} is ${seen.state}`;
      throw restate(error, `${error.message}. Read afterwards: ${finding}`);
    }
  }

  async #watch(
    username: string,
    work: Work<Deployed>,
    recipe: Recipe,
    options: DeployWaitOptions,
  ): Promise<DeployResult> {
    using call = new CallDeadline(options);
    const { signal } = call;
    const { waitMs = 600_000, onState } = options;
    let container: Container | undefined;
    let seen: ContainerState | "none" | undefined;
    let pauseMs = Math.min(FIRST_LOOK_MS, waitMs);
    const look = async () => {
      const ended = await this.#pending.wait(username, work, pauseMs, signal);
      if (ended !== undefined) return ended;
      container = await this.#look(username, signal);
      if ((container?.state ?? "none") !== seen) onState?.(container?.state);
      seen = container?.state ?? "none";
      return undefined;
    };
    const ended = await poll(look, (now) => now !== undefined, {
      ...pace,
      timeoutMs: waitMs,
      // The pause also ends when the work does.
      pause: (ms) => Promise.resolve(pauseMs = ms),
    });
    if (ended !== undefined) return await this.#finish(username, recipe, ended.value, signal);
    return container === undefined ? { done: false, recipe } : { done: false, recipe, container };
  }

  async #finish(
    username: string,
    recipe: Recipe,
    { message, url, isSettingUp }: Deployed,
    signal: AbortSignal | undefined,
  ): Promise<DeployResult> {
    const container = await afterWrite(
      `The deployment of ${recipe.id}`,
      () => this.#containers.get(username, { signal }),
    );
    const settled = { done: true as const, recipe, container, isSettingUp, message };
    return url === undefined ? settled : { ...settled, url };
  }

  /** Best effort: a failed look does not end the wait. */
  async #look(username: string, signal: AbortSignal | undefined): Promise<Container | undefined> {
    try {
      const found = await this.#containers.find(username, { signal });
      return found?.state === "failed" ? undefined : found;
    } catch (error) {
      if (!(error instanceof ContainariumError) || isGivenUp(error, signal)) throw error;
      return undefined;
    }
  }
}

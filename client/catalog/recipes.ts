import { ApiPath } from "../transport/api_path.ts";
import type { Containers } from "../containers/containers.ts";
import { CallDeadline } from "../async/call_deadline.ts";
import type { CallOptions } from "../async/call_options.ts";
import { ContainariumError } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import { readListOf } from "../wire.ts";
import { Deployer, type DeployResult, type PreparedDeployment } from "./deploy.ts";
import type { DeployOptions, DeploySpec } from "./deploy_options.ts";
import { chooseRecipe } from "./deploy_checks.ts";
import type { Deployed } from "./deploy_request.ts";
import { PendingWork } from "../async/pending_work.ts";
import { readRecipe, type Recipe } from "./recipe.ts";

/** The recipes; `/v1/recipes`. */
export class Recipes implements Disposable {
  readonly #http: Http;
  readonly #pending = new PendingWork<Deployed>();
  readonly #deployer: Deployer;

  /**
   * Created by the client.
   *
   * @param http Sends requests to the daemon
   * @param containers Reads containers
   */
  constructor(http: Http, containers: Containers) {
    this.#http = http;
    this.#deployer = new Deployer(http, containers, this.#pending);
  }

  /**
   * Lists the recipes; `GET /v1/recipes`.
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
   * const recipes = await client.recipes.list();
   * assertEquals(recipes.some(({ id }) => id !== ""), true);
   * ```
   */
  async list(options: CallOptions = {}): Promise<readonly Recipe[]> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", new ApiPath("recipes"), call);
    return readListOf(answer, "recipes").map(readRecipe);
  }

  /**
   * Reads one recipe; `GET /v1/recipes/{id}`.
   *
   * @throws {ContainariumError} `not_found` when there is none
   *
   * @example Read one
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const [first] = await client.recipes.list();
   * const recipe = await client.recipes.get(first?.id ?? "");
   * assertEquals(recipe.name, first?.name);
   * ```
   */
  async get(id: string, options: CallOptions = {}): Promise<Recipe> {
    using call = new CallDeadline(options);
    const answer = await this.#http.request("GET", recipePath(id), call);
    return readRecipe(answer.recipe);
  }

  /**
   * Creates a container from a recipe; `POST /v1/recipes/{id}/deploy`. The daemon holds the request
   * open until the container exists, for minutes, and continues if the client disconnects. The same
   * call again joins the pending deployment, and for ten minutes returns its outcome. The recipe's
   * own commands run after that: the daemon reports neither when they finish nor whether they fail.
   *
   * @throws {ContainariumError} `invalid_argument` for an unknown recipe, or a parameter that is
   * missing or unknown; `conflict` when the user has a container; whatever ended the creation
   *
   * @example Deploy one
   * ```ts
   * import { assertRejects } from "@std/assert";
   * import { ContainariumClient, ContainariumError } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon();
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const deploy = () => client.recipes.deploy("ollama", { username: "bob", gpu: "0" });
   * // The host has none, so the daemon refuses.
   * await assertRejects(deploy, ContainariumError, "system has 0 GPU(s)");
   * ```
   */
  async deploy(id: string, options: DeployOptions): Promise<DeployResult> {
    using call = new CallDeadline(options);
    return await (await this.prepare(id, options, call)).begin().wait({ ...options, ...call });
  }

  /**
   * Checks a deployment before anything is sent, for a caller that wants to know its limits first.
   *
   * @param recipe A recipe of `list`, or its id
   * @throws {ContainariumError} `invalid_argument` for an unknown recipe, or a parameter that is
   * missing or unknown; `conflict` when the user has a container
   *
   * @example Which limits will the container have?
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContainariumClient } from "@containarium/mcp-server/client";
   * import { startDaemon } from "../../tests/daemon/mod.ts"; // a simulated daemon, in the repository only
   *
   * await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
   * const [serverUrl, token] = [daemon.url, await daemon.token()];
   * using client = new ContainariumClient({ serverUrl, token });
   *
   * const spec = { username: "bob", cpu: "2", gpu: "0" };
   * const { limits } = await client.recipes.prepare("llamacpp", spec);
   * assertEquals(limits.cpu, "2");
   * ```
   */
  async prepare(
    recipe: string | Recipe,
    spec: DeploySpec,
    options: CallOptions = {},
  ): Promise<PreparedDeployment> {
    using call = new CallDeadline(options);
    const chosen = typeof recipe === "string"
      ? chooseRecipe(recipe, await this.list(call))
      : recipe;
    return await this.#deployer.prepare(recipePath(chosen.id, "deploy"), chosen, spec, call);
  }

  /** Drops the pending requests. */
  [Symbol.dispose](): void {
    this.#pending[Symbol.dispose]();
  }
}

function recipePath(id: string, ...segments: readonly string[]): ApiPath {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id)) return new ApiPath("recipes", id, ...segments);
  throw new ContainariumError(
    "invalid_argument",
    `"${id}" is not a recipe's id: letters, digits, dots, dashes and underscores`,
  );
}

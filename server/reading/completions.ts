/**
 * `completion/complete`: what a user may mean while typing a template's variable or a prompt's argument.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import { CompleteRequestParamsSchema, type Result } from "@modelcontextprotocol/sdk/types.js";
import type { Candidates, ToolContext } from "../../tools/mod.ts";
import type { PromptShelf } from "./prompts.ts";
import { MissingResource, readingError } from "./reading_error.ts";
import type { ResourceShelf } from "./resources.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import { shownLine } from "../shown.ts";

/** The specification allows no more. */
const MAX_COMPLETIONS = 100;

/** Completes values. */
export class Completions {
  readonly #resources: ResourceShelf;
  readonly #prompts: PromptShelf;

  /** Completes what these have variables and arguments for. */
  constructor(resources: ResourceShelf, prompts: PromptShelf) {
    this.#resources = resources;
    this.#prompts = prompts;
  }

  /**
   * `completion/complete`.
   *
   * @throws {RpcError} If there is nothing of that name, or what there is cannot be read
   */
  async complete(params: unknown, context: ToolContext): Promise<Result> {
    const parsed = CompleteRequestParamsSchema.safeParse(params);
    if (!parsed.success) {
      throw new RpcError(
        rpcCodes.invalidParams,
        "completion/complete: expected params {ref: {type: ref/resource, uri} | " +
          "{type: ref/prompt, name}, argument: {name: string, value: string}}",
      );
    }
    const { ref, argument, context: chosen } = parsed.data;
    const what = ref.type === "ref/resource" ? ref.uri : ref.name;
    const candidates = ref.type === "ref/resource"
      ? await this.#candidatesIn(ref.uri, argument.name)
      : await this.#candidatesOf(ref.name, argument.name);
    if (candidates === undefined) {
      const name = shownLine(argument.name.slice(0, 100));
      throw new RpcError(rpcCodes.invalidParams, `${shownLine(what)} has nothing called ${name}`);
    }
    const known = chosen?.arguments ?? {};
    try {
      return { completion: completionOf(await candidates(context, known), argument.value) };
    } catch (error) {
      throw await readingError(error, { what, values: known, data: {} }, context);
    }
  }

  async #candidatesIn(uri: string, name: string): Promise<Candidates | undefined> {
    try {
      const { variables } = await this.#resources.template(uri);
      return Object.hasOwn(variables, name) ? variables[name]?.candidates : undefined;
    } catch (error) {
      // Nothing is read: what does not fit is a parameter.
      if (!(error instanceof MissingResource)) throw error;
      throw new RpcError(rpcCodes.invalidParams, error.message, error.data);
    }
  }

  async #candidatesOf(prompt: string, name: string): Promise<Candidates | undefined> {
    const { arguments: known } = await this.#prompts.find(prompt);
    return Object.hasOwn(known, name) ? known[name]?.candidates ?? none : undefined;
  }
}

function none(): Promise<readonly string[]> {
  return Promise.resolve([]);
}

/** The values of one completion. */
interface Completion {
  readonly values: readonly string[];
  readonly total: number;
  readonly hasMore: boolean;
}

/** Returns what fits: what begins with the typed text comes before what only contains it. */
function completionOf(candidates: readonly string[], typed: string): Completion {
  const wanted = typed.toLowerCase();
  const fitting = [...new Set(candidates)]
    // What cannot be shown as it is cannot be chosen either.
    .filter((value) => shownLine(value) === value)
    .map((value) => ({ value, at: value.toLowerCase().indexOf(wanted) }))
    .filter(({ at }) => at >= 0);
  const values = [
    ...fitting.filter(({ at }) => at === 0),
    ...fitting.filter(({ at }) => at > 0),
  ].map(({ value }) => value);
  return {
    values: values.slice(0, MAX_COMPLETIONS),
    total: values.length,
    hasMore: values.length > MAX_COMPLETIONS,
  };
}

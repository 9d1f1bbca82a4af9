/**
 * Lists prompts, and gets one.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import { GetPromptRequestParamsSchema, type Result } from "@modelcontextprotocol/sdk/types.js";
import { ifMeant } from "../../client/internal.ts";
import {
  type ActivePrompts,
  fenceMarks,
  type Prompt,
  type PromptDescription,
  type PromptEntry,
  type PromptMessage,
  type ToolContext,
} from "../../tools/mod.ts";
import { isObject, withoutNulls } from "../json.ts";
import { Pages } from "../paging.ts";
import { readingError } from "./reading_error.ts";
import { type Contents, cursorOf, type ResourceShelf } from "./resources.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import { shownFailure, shownLine, shownText } from "../shown.ts";

const MAX_VALUE_CHARS = 2_000;
const MAX_SHOWN_NAME_CHARS = 100;

/** What a prompt reads. */
type Attached = Exclude<PromptMessage["content"], { readonly type: "text" }>;

/** Answers requests for prompts. */
export class PromptShelf {
  readonly #active: ActivePrompts;
  readonly #resources: ResourceShelf;
  readonly #pages: Pages<PromptDescription>;

  /**
   * @param resources What prompts embed
   * @param pageSize How many are listed at a time
   */
  constructor(active: ActivePrompts, resources: ResourceShelf, pageSize: number) {
    this.#active = active;
    this.#resources = resources;
    const listed = active.on.map(({ description }) => description);
    this.#pages = new Pages("prompts/list", listed, pageSize);
  }

  /** Whether there is any. */
  get isEmpty(): boolean {
    return this.#active.on.length === 0;
  }

  /** `prompts/list`. */
  list(params: unknown): Result {
    const { items, nextCursor } = this.#pages.at(cursorOf("prompts/list", params));
    return { prompts: items, nextCursor };
  }

  /**
   * `prompts/get`.
   *
   * @throws {RpcError} If there is no such prompt, or its arguments do not fit
   */
  async get(params: unknown, context: ToolContext): Promise<Result> {
    const parsed = GetPromptRequestParamsSchema.safeParse(readParams(params));
    if (!parsed.success) {
      throw new RpcError(
        rpcCodes.invalidParams,
        "prompts/get: expected params {name: string, arguments?: {…: string}}",
      );
    }
    const { name, arguments: given = {} } = parsed.data;
    const prompt = await this.find(name);
    const values = valuesOf(prompt, given);
    try {
      const messages = await prompt.get(values, context);
      return {
        description: prompt.description,
        messages: await Promise.all(messages.map((message) => this.#shown(message, context))),
      };
    } catch (error) {
      throw await readingError(error, { what: name, values, data: { name } }, context);
    }
  }

  /**
   * Returns a prompt by its name.
   *
   * @throws {RpcError} If there is none, or it is off
   */
  async find(name: string): Promise<Prompt> {
    const isNamed = ({ description }: PromptEntry) => description.name === name;
    const entry = this.#active.on.find(isNamed);
    if (entry !== undefined) return await entry.load();
    const off = this.#active.off.find(({ entry }) => isNamed(entry));
    const shown = shownLine(name.slice(0, MAX_SHOWN_NAME_CHARS));
    if (off !== undefined) {
      throw new RpcError(rpcCodes.invalidParams, `${shown} is off: ${off.reason}`);
    }
    const known = this.#active.on.map(({ description }) => description.name);
    const hint = ifMeant(name.slice(0, MAX_SHOWN_NAME_CHARS), known);
    const next = known.length === 0 ? "this server has none" : `one of ${known.join(", ")}`;
    throw new RpcError(rpcCodes.invalidParams, `Unknown prompt: ${shown}${hint}\nNext: ${next}`);
  }

  async #shown({ role, content }: PromptMessage, context: ToolContext): Promise<Result> {
    switch (content.type) {
      case "text": {
        const text = shownText(context.client.redact(content.text));
        return { role, content: { type: "text", text } };
      }
      case "resource":
      case "attachment":
        return { role, content: await this.#attached(content, context) };
    }
  }

  /** A prompt is of use without one of its facts, and says why it is not there. */
  async #attached({ type, uri }: Attached, context: ToolContext): Promise<Result> {
    try {
      const resource = await this.#resources.contents(uri, context);
      return type === "resource" ? { type, resource } : { type: "text", text: fenced(resource) };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const text = `${uri} could not be read: ${error.message}`;
      return { type: "text", text: shownFailure(text) };
    }
  }
}

/** A message of the user's is taken for their own words. */
function fenced({ uri, text }: Contents): string {
  const { begin, end } = fenceMarks(shownLine(uri), "the daemon");
  return [begin, text, end].join("\n");
}

/** The same parameters without what is `null`: some clients write that for an empty field. */
function readParams(params: unknown): unknown {
  if (!isObject(params) || !isObject(params.arguments)) return params;
  return { ...params, arguments: withoutNulls(params.arguments) };
}

/** What the user filled in; what was left empty is absent. */
function valuesOf(
  prompt: Prompt,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const filled = Object.entries(given).map(([key, value]): [string, string] => [key, value.trim()])
    .filter(([, value]) => value !== "");
  const known = Object.keys(prompt.arguments);
  const unknown = filled.map(([key]) => key).filter((key) => !known.includes(key));
  const missing = known.filter((key) =>
    prompt.arguments[key]?.required === true && !filled.some(([name]) => name === key)
  );
  const long = filled.filter(([, value]) => value.length > MAX_VALUE_CHARS).map(([key]) => key);
  const faults = [
    ...missing.map((key) => `${key}: missing`),
    ...unknown.slice(0, 10).map((key) =>
      `${shownLine(key.slice(0, MAX_SHOWN_NAME_CHARS))}: unknown; known: ${known.join(", ")}`
    ),
    ...long.filter((key) => known.includes(key))
      .map((key) => `${key}: more than ${MAX_VALUE_CHARS} characters`),
  ];
  if (faults.length === 0) return Object.fromEntries(filled);
  throw new RpcError(rpcCodes.invalidParams, `${prompt.name}: ${faults.join("; ")}`);
}

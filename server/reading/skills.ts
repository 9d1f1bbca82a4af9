/**
 * The extension Skills of MCP (SEP-2640): lists the resources that are skills, with what a client checks
 * their text by.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import { ReadResourceRequestParamsSchema, type Result } from "@modelcontextprotocol/sdk/types.js";
import type { ActiveResources, ResourceDescription, ToolContext } from "../../tools/mod.ts";
import { Pages } from "../paging.ts";
import { cursorOf, type ResourceShelf } from "./resources.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import { shownLine } from "../shown.ts";

/** The name of Skills among the extensions of MCP. */
export const SKILLS_EXTENSION = "io.modelcontextprotocol/skills";

const MAX_SHOWN_URI_CHARS = 200;

/** Where a skill's text is, and what is in it. */
interface SkillEntry {
  /** Address of its `SKILL.md`. */
  readonly uri: string;
  /** The same as the text begins with. */
  readonly frontmatter: { readonly name: string; readonly description: string };
  /** Its files: the one. */
  readonly resources: readonly {
    readonly uri: string;
    readonly digest: string;
    readonly size: number;
  }[];
}

/** Answers requests for skills. */
export class SkillShelf {
  readonly #resources: ResourceShelf;
  readonly #skills: readonly ResourceDescription[];
  readonly #pages: Pages<ResourceDescription>;

  /**
   * @param active What can be read
   * @param resources Reads it
   * @param pageSize How many are listed at a time
   */
  constructor(active: ActiveResources, resources: ResourceShelf, pageSize: number) {
    this.#resources = resources;
    this.#skills = active.on.map(({ description }) => description).filter(isSkill);
    this.#pages = new Pages("skills/list", this.#skills, pageSize);
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#skills.length === 0;
  }

  /** `skills/list`. */
  async list(params: unknown, context: ToolContext): Promise<Result> {
    const { items, nextCursor } = this.#pages.at(cursorOf("skills/list", params));
    return {
      skills: await Promise.all(items.map((skill) => this.#entryOf(skill, context))),
      nextCursor,
    };
  }

  /**
   * `skills/get`.
   *
   * @throws {RpcError} -32602 if there is no such skill
   */
  async get(params: unknown, context: ToolContext): Promise<Result> {
    const parsed = ReadResourceRequestParamsSchema.safeParse(params);
    if (!parsed.success) {
      throw new RpcError(rpcCodes.invalidParams, "skills/get: expected params {uri: string}");
    }
    const { uri } = parsed.data;
    const skill = this.#skills.find((each) => each.uri === uri);
    if (skill !== undefined) return { skill: await this.#entryOf(skill, context) };
    const shown = shownLine(uri.slice(0, MAX_SHOWN_URI_CHARS));
    throw new RpcError(rpcCodes.invalidParams, `There is no skill ${shown}`, { uri: shown });
  }

  /** Every tool that is on stays on, so the text stays the same while the server runs. */
  async #entryOf(
    { uri, name, description }: ResourceDescription,
    context: ToolContext,
  ): Promise<SkillEntry> {
    const { text } = await this.#resources.contents(uri, context);
    const bytes = new TextEncoder().encode(text);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return {
      uri,
      frontmatter: { name, description },
      resources: [{ uri, digest: `sha256:${hash.toHex()}`, size: bytes.length }],
    };
  }
}

function isSkill({ uri }: ResourceDescription): boolean {
  return uri.startsWith("skill://") && uri.endsWith("/SKILL.md");
}

/**
 * Lists resources and templates, and reads one.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  PaginatedRequestParamsSchema,
  ReadResourceRequestParamsSchema,
  type Result,
} from "@modelcontextprotocol/sdk/types.js";
import { formatTime, ifMeant } from "../../client/internal.ts";
import type {
  ActiveResources,
  Resource,
  ResourceEntry,
  ToolContext,
  UriValues,
} from "../../tools/mod.ts";
import { Pages } from "../paging.ts";
import { MissingResource, readingError } from "./reading_error.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";
import { shownLine, shownText } from "../shown.ts";
import { matchUri } from "./uri_template.ts";

/** In characters; no resource means to be as long. */
const MAX_TEXT_CHARS = 4_000_000;
const MAX_SHOWN_URI_CHARS = 200;

/** What `resources/read` returns of one resource. */
export interface Contents {
  /** Its address, as it was asked for. */
  readonly uri: string;
  /** Media type of the text. */
  readonly mimeType: string;
  /** The text. */
  readonly text: string;
  /** What programs go by: `containarium/lastModified`, and what extensions of MCP say. */
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** A resource that a URI addresses. */
export interface Addressed {
  /** The resource. */
  readonly resource: Resource;
  /** What stands in the URI in the places of its variables. */
  readonly values: UriValues;
}

/** Answers requests for resources. */
export class ResourceShelf {
  readonly #active: ActiveResources;
  readonly #pages: Pages<Readonly<Record<string, unknown>>>;
  readonly #templatePages: Pages<Readonly<Record<string, unknown>>>;

  /** @param pageSize How many are listed at a time */
  constructor(active: ActiveResources, pageSize: number) {
    this.#active = active;
    const named = active.on.filter(({ isListed = true }) => isListed);
    const listed = named.filter(({ variables }) => variables.length === 0)
      .map(({ description }) => ({ ...description }));
    const templates = named.filter(({ variables }) => variables.length > 0)
      .map(({ description: { uri, size: _size, ...rest } }) => ({ uriTemplate: uri, ...rest }));
    this.#pages = new Pages("resources/list", listed, pageSize);
    this.#templatePages = new Pages("resources/templates/list", templates, pageSize);
  }

  /** Whether there is anything to read. */
  get isEmpty(): boolean {
    return this.#active.on.length === 0;
  }

  /** `resources/list`. */
  list(params: unknown): Result {
    const { items, nextCursor } = this.#pages.at(cursorOf("resources/list", params));
    return { resources: items, nextCursor };
  }

  /** `resources/templates/list`. */
  listTemplates(params: unknown): Result {
    const cursor = cursorOf("resources/templates/list", params);
    const { items, nextCursor } = this.#templatePages.at(cursor);
    return { resourceTemplates: items, nextCursor };
  }

  /**
   * `resources/read`.
   *
   * @throws {RpcError} If there is no such resource, or it cannot be read
   */
  async read(params: unknown, context: ToolContext): Promise<Result> {
    const parsed = ReadResourceRequestParamsSchema.safeParse(params);
    if (!parsed.success) {
      throw new RpcError(rpcCodes.invalidParams, "resources/read: expected params {uri: string}");
    }
    return { contents: [await this.contents(parsed.data.uri, context)] };
  }

  /**
   * Reads a resource.
   *
   * @throws {RpcError} If there is no such resource, or it cannot be read
   */
  async contents(uri: string, context: ToolContext): Promise<Contents> {
    const { resource, values } = await this.find(uri);
    try {
      const found = await resource.read(values, context);
      if (found === undefined) throw this.#missing(uri);
      const { text, lastModified } = found;
      if (text.length > MAX_TEXT_CHARS) {
        const reason = `${uri} has ${text.length} characters: too many to pass on`;
        throw new RpcError(rpcCodes.internalError, reason, { uri });
      }
      const meta = {
        ...resource.meta,
        ...(lastModified === undefined
          ? {}
          : { "containarium/lastModified": formatTime(lastModified) }),
      };
      return {
        uri,
        mimeType: resource.mimeType,
        text: shownText(context.client.redact(text)),
        _meta: Object.keys(meta).length === 0 ? undefined : meta,
      };
    } catch (error) {
      throw await readingError(error, { what: resource.uri, values, data: { uri } }, context);
    }
  }

  /**
   * Returns the resource that a URI addresses, whether or not there is what it shows.
   *
   * @throws {RpcError} If it addresses none
   */
  async find(uri: string): Promise<Addressed> {
    for (const entry of this.#active.on) {
      const found = await addressed(entry, uri);
      if (found !== undefined) return found;
    }
    throw this.#missing(uri);
  }

  /** Returns the template of a completion, by the template itself or by a URI that fits it. */
  async template(uri: string): Promise<Resource> {
    const entry = this.#active.on.find(({ description }) => description.uri === uri);
    return entry === undefined ? (await this.find(uri)).resource : await entry.load();
  }

  #missing(uri: string): MissingResource {
    const off = this.#active.off.find(({ entry: { description } }) =>
      matchUri(description.uri, uri) !== undefined
    );
    const shown = shownLine(uri.slice(0, MAX_SHOWN_URI_CHARS));
    const known = this.#active.on.map(({ description }) => description.uri);
    const message = off !== undefined
      ? `${shown} is off: ${off.reason}`
      : `There is no resource ${shown}${ifMeant(uri.slice(0, MAX_SHOWN_URI_CHARS), known)}\n` +
        "Next: read one that resources/list or resources/templates/list shows";
    return new MissingResource(message, { uri: shown });
  }
}

async function addressed(entry: ResourceEntry, uri: string): Promise<Addressed | undefined> {
  const values = matchUri(entry.description.uri, uri);
  if (values === undefined) return undefined;
  const resource = await entry.load();
  const isKnown = Object.entries(resource.variables)
    .every(([name, variable]) => variable.accepts(values[name] ?? ""));
  return isKnown ? { resource, values } : undefined;
}

/** Returns the cursor that a list is asked with. */
export function cursorOf(method: string, params: unknown): string | undefined {
  const parsed = PaginatedRequestParamsSchema.optional().safeParse(params);
  if (parsed.success) return parsed.data?.cursor;
  throw new RpcError(rpcCodes.invalidParams, `${method}: expected params {cursor?: string}`);
}

/**
 * Defines a resource: text that a user or a model reads by its address. The only contract between
 * `server/` and everything under `tools/` that has an address.
 *
 * @module
 */
import type { Candidates } from "./candidates.ts";
import type { SharedReads } from "./shared_reads.ts";
import type { ToolContext } from "./tool.ts";

/** The names of the `{variables}` of a URI; of any URI, any name. */
export type VariablesOf<Uri extends string> = string extends Uri ? string : NamesIn<Uri>;

type NamesIn<Uri extends string> = Uri extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** What stands in a URI in the places of its variables, decoded. */
export type UriValues<Uri extends string = string> = Readonly<Record<VariablesOf<Uri>, string>>;

/** What may stand in place of a `{variable}`. */
export interface Variable {
  /** Returns whether something of this name can exist. A URI with another value has no resource. */
  accepts(value: string): boolean;
  /** Returns what exists, for completion. */
  readonly candidates: Candidates;
}

/** A resource as it is now. */
export interface ResourceText {
  /** The text. What comes from a container is fenced. */
  readonly text: string;
  /** When that which it shows was last changed, if that is known. */
  readonly lastModified?: Date | undefined;
}

/**
 * Something to read by its address, or by any address that fits a template.
 *
 * @typeParam Uri Its address; with `{variables}` it is a template
 */
export interface Resource<Uri extends string = string> {
  /** `containarium://containers`, or a template: `containarium://containers/{username}`. */
  readonly uri: Uri;
  /** Short name: `containers`. */
  readonly name: string;
  /** Title for the user. */
  readonly title: string;
  /** What it shows, for users and models. */
  readonly description: string;
  /** Media type of the text. */
  readonly mimeType: string;
  /** How much it matters, 0 to 1. */
  readonly priority: number;
  /**
   * Whom it is for.
   *
   * @default Both
   */
  readonly audience?: readonly ("user" | "assistant")[] | undefined;
  /** Bytes of the text, if it is always the same. */
  readonly size?: number | undefined;
  /**
   * Whether lists name it. A view is not named: the tools that it belongs to lead there.
   *
   * @default {true}
   */
  readonly isListed?: boolean | undefined;
  /** `_meta` of the listed resource and of its contents. */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Names of the tools that show the same. It is on where all of these are: scopes, roles, `--read-only`,
   * `--toolsets` and `--tools` govern it through them. The first one's toolset is its own.
   */
  readonly tools: readonly string[];
  /**
   * Where its text comes from, if not from the daemon: reading in a container takes seconds.
   *
   * @default The daemon
   */
  readonly reach?: "container" | undefined;
  /** Its variables; none of a URI that is no template. */
  readonly variables: Readonly<Record<VariablesOf<Uri>, Variable>>;
  /**
   * Reads it.
   *
   * @returns `undefined` if there is nothing of these names
   * @throws {ContainariumError} If it cannot be read; `not_found` is the same as `undefined`
   */
  read(values: UriValues<Uri>, context: ToolContext): Promise<ResourceText | undefined>;
  /**
   * Returns what a change shows in: a text that differs from the one before exactly if there is something
   * new to read, so without what passes by itself (`deletes_in_seconds`, the mark of a fence). It is asked
   * for every few seconds while somebody is subscribed: what several need is read once, by `shared`.
   *
   * @default It never changes
   */
  state?(values: UriValues<Uri>, shared: SharedReads, context: ToolContext): Promise<string>;
}

/**
 * Infers the names of a resource's variables from its URI.
 *
 * @returns The same resource
 */
export function defineResource<const Uri extends string>(resource: Resource<Uri>): Resource<Uri> {
  return resource;
}

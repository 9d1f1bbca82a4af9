/**
 * Defines a resource: text that a user or a model reads by its URI. The only contract between
 * `server/` and everything under `tools/` that has a URI.
 *
 * @module
 */
import type { Candidates } from "./candidates.ts";
import type { SharedReads } from "./shared_reads.ts";
import type { ToolContext } from "./tool.ts";

/** Names of the `{variables}` of a URI; any name for an arbitrary URI. */
export type VariablesOf<Uri extends string> = string extends Uri ? string : NamesIn<Uri>;

type NamesIn<Uri extends string> = Uri extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** Values of a URI's variables, decoded. */
export type UriValues<Uri extends string = string> = Readonly<Record<VariablesOf<Uri>, string>>;

/** A `{variable}` of a URI. */
export interface Variable {
  /** Returns whether a value is possible. A URI with another value has no resource. */
  accepts(value: string): boolean;
  /** Returns what exists, for completion. */
  readonly candidates: Candidates;
}

/** Current content of a resource. */
export interface ResourceText {
  /** The text. What comes from a container is fenced. */
  readonly text: string;
  /** When its content last changed, if that is known. */
  readonly lastModified?: Date | undefined;
}

/**
 * Something to read by its URI, or by any URI that matches a template.
 *
 * @typeParam Uri Its URI; with `{variables}` it is a template
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
  /** Importance, 0 to 1. */
  readonly priority: number;
  /**
   * Audience.
   *
   * @default Both
   */
  readonly audience?: readonly ("user" | "assistant")[] | undefined;
  /** Size of the text in bytes, if it never changes. */
  readonly size?: number | undefined;
  /**
   * Whether lists include it. A view is not listed: its tools refer to it.
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
  /** Its variables; empty for a URI that is not a template. */
  readonly variables: Readonly<Record<VariablesOf<Uri>, Variable>>;
  /**
   * Reads it.
   *
   * @returns `undefined` if nothing has these names
   * @throws {ContainariumError} If it cannot be read; `not_found` is the same as `undefined`
   */
  read(values: UriValues<Uri>, context: ToolContext): Promise<ResourceText | undefined>;
  /**
   * Returns a text that differs from the previous one exactly if there is something new to read, so without
   * facts that change by themselves (`deletes_in_seconds`, the mark of a fence). It is called every few seconds
   * while a client is subscribed; `shared` reads once what several resources need.
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

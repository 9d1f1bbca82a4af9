/**
 * Defines a prompt: a runbook that a user starts by its name. The only contract between `server/` and
 * everything under `tools/` that a user starts.
 *
 * @module
 */
import type { Candidates } from "./candidates.ts";
import type { ToolContext } from "./tool.ts";

/** An argument that a user fills in. */
export interface PromptArgument {
  /** Title for the user. */
  readonly title?: string | undefined;
  /** What it is, with an example. */
  readonly description: string;
  /**
   * Whether it is required.
   *
   * @default {false}
   */
  readonly required?: boolean | undefined;
  /**
   * Returns what exists, for completion.
   *
   * @default Nothing is suggested
   */
  readonly candidates?: Candidates | undefined;
}

/** Arguments as the user filled them in, trimmed. Without a value, an argument is absent. */
export type PromptValues<Arguments extends Readonly<Record<string, PromptArgument>>> = {
  readonly [Name in keyof Arguments]: Arguments[Name] extends { readonly required: true } ? string
    : string | undefined;
};

/** One message of a prompt. */
export interface PromptMessage {
  /** Speaker. */
  readonly role: "user" | "assistant";
  /**
   * Content: this server's text (with the user's input `quoted`), or a resource by its URI. The server reads
   * that, as `resources/read` does, and embeds it (`resource`) or gives its text as data between markers
   * (`attachment`, which clients take that know only text), or the reason why it cannot.
   */
  readonly content:
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "resource" | "attachment"; readonly uri: string };
}

/**
 * Something that a user starts: a runbook with the facts that it needs.
 *
 * @typeParam Arguments What the user fills in
 */
export interface Prompt<
  Arguments extends Readonly<Record<string, PromptArgument>> = Readonly<
    Record<string, PromptArgument>
  >,
> {
  /** `verb-noun` in kebab-case: clients make it a slash command. */
  readonly name: string;
  /** Title for the user. */
  readonly title: string;
  /** What it does, for the user. */
  readonly description: string;
  /** Arguments, in the order in which the user is asked for them. */
  readonly arguments: Arguments;
  /** Names of the tools that it needs. Like a resource, it is on if all of them are. */
  readonly tools: readonly string[];
  /**
   * Returns the messages.
   *
   * @throws {ContainariumError} `invalid_argument` for an impossible value
   */
  get(
    args: PromptValues<Arguments>,
    context: ToolContext,
  ): Promise<readonly PromptMessage[]>;
}

/**
 * Infers which of a prompt's arguments are always present.
 *
 * @returns The same prompt
 */
export function definePrompt<
  const Arguments extends Readonly<Record<string, PromptArgument>>,
>(prompt: Prompt<Arguments>): Prompt<Arguments> {
  return prompt;
}

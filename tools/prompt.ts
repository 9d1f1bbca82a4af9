/**
 * Defines a prompt: a runbook that a user starts by its name. The only contract between `server/` and
 * everything under `tools/` that a user starts.
 *
 * @module
 */
import type { Candidates } from "./candidates.ts";
import type { ToolContext } from "./tool.ts";

/** What a user fills in. */
export interface PromptArgument {
  /** Title for the user. */
  readonly title?: string | undefined;
  /** What it is, with an example. */
  readonly description: string;
  /**
   * Whether there is no prompt without it.
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

/** What the user filled in, trimmed. Without a value the argument is absent. */
export type PromptValues<Arguments extends Readonly<Record<string, PromptArgument>>> = {
  readonly [Name in keyof Arguments]: Arguments[Name] extends { readonly required: true } ? string
    : string | undefined;
};

/** One message of a prompt. */
export interface PromptMessage {
  /** Who says it. */
  readonly role: "user" | "assistant";
  /**
   * What it says: text of ours (what a user filled in is `quoted` in it), or a resource by its URI. The
   * server reads that, as `resources/read` does, and puts it in; where it cannot, it says why.
   */
  readonly content:
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "resource"; readonly uri: string };
}

/**
 * Something that a user starts: a runbook with the facts that it begins with.
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
  /** What the user fills in, in the order in which it is asked for. */
  readonly arguments: Arguments;
  /** Names of the tools that it cannot do without. It is on where all of these are, as a resource is. */
  readonly tools: readonly string[];
  /**
   * Returns the messages.
   *
   * @throws {ContainariumError} `invalid_argument` for a value that cannot be
   */
  get(
    args: PromptValues<Arguments>,
    context: ToolContext,
  ): Promise<readonly PromptMessage[]>;
}

/**
 * Infers which of a prompt's arguments are always there.
 *
 * @returns The same prompt
 */
export function definePrompt<
  const Arguments extends Readonly<Record<string, PromptArgument>>,
>(prompt: Prompt<Arguments>): Prompt<Arguments> {
  return prompt;
}

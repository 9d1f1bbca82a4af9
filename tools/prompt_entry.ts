import type { Prompt } from "./prompt.ts";

/** A prompt as `prompts/list` returns it: plain data. */
export interface PromptDescription {
  /** `verb-noun` in kebab-case. */
  readonly name: string;
  /** Title for the user. */
  readonly title: string;
  /** What it does. */
  readonly description: string;
  /** Arguments that the user fills in. */
  readonly arguments: readonly {
    /** Name. */
    readonly name: string;
    /** Title for the user. */
    readonly title?: string | undefined;
    /** What it is. */
    readonly description: string;
    /** Whether it is required. */
    readonly required: boolean;
  }[];
}

/** A prompt before its first use: what selects and lists it, and a way to load it. */
export interface PromptEntry {
  /** The prompt as it is listed. */
  readonly description: PromptDescription;
  /** Names of the tools that it needs. */
  readonly tools: readonly string[];
  /** Loads the prompt. */
  load(): Promise<Prompt>;
}

/** Returns the entry of a prompt that is loaded. */
export function promptEntryOf(prompt: Prompt): PromptEntry {
  const { name, title, description, tools } = prompt;
  const described = Object.entries(prompt.arguments).map(([name, argument]) => ({
    name,
    title: argument.title,
    description: argument.description,
    required: argument.required ?? false,
  }));
  return {
    description: { name, title, description, arguments: described },
    tools,
    load: () => Promise.resolve(prompt),
  };
}

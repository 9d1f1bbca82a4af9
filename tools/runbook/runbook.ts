/**
 * Defines a runbook: what to do, step by step, where several tools are needed. It is read in two ways, as a
 * prompt that a user starts and as a skill that a model looks up.
 *
 * @module
 */
import { definePrompt, type Prompt, type PromptArgument, type PromptValues } from "../prompt.ts";
import { defineResource, type Resource } from "../resource.ts";
import type { ToolContext } from "../tool.ts";
import { renderRunbook } from "./runbook_text.ts";
import { type Step, stepsWith } from "./step.ts";

/** What a runbook is made from. */
export interface RunbookSource<
  Arguments extends Readonly<Record<string, PromptArgument>>,
  Values,
> {
  /** Name of the prompt and the skill: `verb-noun` in kebab-case. */
  readonly name: string;
  /** Title for the user. */
  readonly title: string;
  /** What it does and when to use it, for users and models. */
  readonly description: string;
  /** What the user fills in. */
  readonly arguments: Arguments;
  /** Names of the tools that it cannot do without. Steps with others are left out where those are off. */
  readonly tools: readonly string[];
  /** What stands in the skill in the places of what the user fills in. */
  readonly blanks: Values;
  /**
   * Returns what the steps are written with.
   *
   * @throws {ContainariumError} `invalid_argument` for what cannot be
   */
  values(args: PromptValues<Arguments>, context: ToolContext): Values | Promise<Values>;
  /** Returns what it is about, in a sentence or two. */
  intro(values: Values): string;
  /** Returns all of its steps. */
  steps(values: Values): readonly Step[];
}

/**
 * A runbook in both of its forms.
 *
 * @typeParam Arguments What the user fills in
 */
export interface Runbook<
  Arguments extends Readonly<Record<string, PromptArgument>> = Readonly<
    Record<string, PromptArgument>
  >,
> {
  /** The prompt: its steps with what the user filled in, and the facts that it begins with. */
  readonly prompt: Prompt<Arguments>;
  /** The skill: the steps with blanks, by its address. */
  readonly skill: Resource;
  /** Returns the steps of the prompt, of which its text is made. */
  steps(
    args: PromptValues<Arguments>,
    context: ToolContext,
  ): Promise<readonly Step[]>;
}

/** Returns a runbook's prompt and skill. */
export function defineRunbook<
  const Arguments extends Readonly<Record<string, PromptArgument>>,
  Values,
>(source: RunbookSource<Arguments, Values>): Runbook<Arguments> {
  const { name, title, description, tools } = source;
  const planned = async (args: PromptValues<Arguments>, context: ToolContext) => {
    const values = await source.values(args, context);
    return { values, steps: stepsWith(source.steps(values), context.tools) };
  };
  const prompt = definePrompt<Arguments>({
    name,
    title,
    description,
    arguments: source.arguments,
    tools,
    get: async (args, context) => {
      const { values, steps } = await planned(args, context);
      const intro = source.intro(values);
      const uris = new Set(steps.flatMap(({ attached }) => attached ?? []));
      return [
        {
          role: "user",
          content: { type: "text", text: renderRunbook({ title, intro, steps, isAttached: true }) },
        },
        ...[...uris].map((uri) =>
          ({ role: "user", content: { type: "attachment", uri } }) as const
        ),
      ];
    },
  });
  const skill = defineResource<string>({
    uri: `skill://${name}/SKILL.md`,
    name,
    title,
    description,
    mimeType: "text/markdown",
    priority: 0.3,
    tools,
    variables: {},
    read: (_values, context) => {
      const steps = stepsWith(source.steps(source.blanks), context.tools);
      const intro = source.intro(source.blanks);
      // JSON's texts are YAML's, too.
      const frontmatter = `---\nname: ${name}\ndescription: ${
        JSON.stringify(description)
      }\n---\n\n`;
      return Promise.resolve({
        text: frontmatter + renderRunbook({ title, intro, steps, isAttached: false }),
      });
    },
  });
  return { prompt, skill, steps: async (args, context) => (await planned(args, context)).steps };
}

/**
 * What a runbook consists of: steps, some of which call a tool.
 *
 * @module
 */

/** What nobody knows before the steps above it are done: `<owners to stop>`. */
export class Blank {
  readonly #what: string;

  /** @param what What is to be filled in, in a few words */
  constructor(what: string) {
    this.#what = what;
  }

  /** Returns it as a reader sees it. */
  toString(): string {
    return `<${this.#what}>`;
  }
}

/** What a user filled in; in a skill, which nobody fills in, a blank. */
export type Slot = string | Blank;

/** Value of an argument of a call. */
export type CallValue =
  | string
  | number
  | boolean
  | Blank
  | readonly CallValue[]
  | { readonly [key: string]: CallValue };

/** A call of a tool, as a step proposes it. */
export interface ProposedCall {
  /** Name of the tool. */
  readonly tool: string;
  /** Its arguments; `undefined` is left out. */
  readonly args: Readonly<Record<string, CallValue | undefined>>;
}

/** One step of a runbook. */
export interface Step {
  /** What to do, in a sentence without its full stop. */
  readonly text: string;
  /** The call that does it. Absent: the step only says, decides or reports. */
  readonly call?: ProposedCall | undefined;
  /** What shows that it went well, or what to look for. */
  readonly check?: string | undefined;
  /** When to stop, and what to ask the user. */
  readonly stop?: string | undefined;
  /** What stands in its place where the tool is off. Absent: nothing does. */
  readonly instead?: Step | undefined;
  /** URI of what shows the same as the call. A prompt attaches it. */
  readonly attached?: string | undefined;
}

/** Returns the steps as they are where only these tools are on. */
export function stepsWith(
  steps: readonly Step[],
  tools: ReadonlySet<string>,
): readonly Step[] {
  return steps.flatMap((step) => {
    if (step.call === undefined || tools.has(step.call.tool)) return [step];
    return step.instead === undefined ? [] : stepsWith([step.instead], tools);
  });
}

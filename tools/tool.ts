/**
 * What a tool is: the one contract between `server/` and everything under `tools/`.
 *
 * @module
 */
import type { z } from "zod";
import type { ContainariumClient, InFlightLimit, Logger, Scope } from "../client/mod.ts";
import type { PolicySource } from "./policy/mod.ts";
import type { QuotaGuard } from "./quotas/guard.ts";

/** How far a call reaches; the MCP hints follow from it. */
export type Effect = "read" | "write" | "destroy";

/** One conversation with a client: what a call leaves open for the next ones is kept by it. */
export interface Conversation {
  /** Aborts when the conversation ends. */
  readonly ended: AbortSignal;
}

/** What a call may use besides its arguments. */
export interface ToolContext {
  /** Speaks to the daemon. */
  readonly client: ContainariumClient;
  /** Aborts when the caller cancels, the deadline passes, or stdin ends. */
  readonly signal: AbortSignal;
  /** Debug and warnings, redacted, to stderr. */
  readonly log: Logger;
  /** The conversation that the call is part of. */
  readonly conversation: Conversation;
  /** Reads the person's templates and quotas as they are now. */
  readonly policy: PolicySource;
  /** Holds creations and changes to the quotas. */
  readonly quotas: QuotaGuard;
  /** Lets so many containers be worked on at one time, over all bulk calls: the host is the limit. */
  readonly bulkLimit: InFlightLimit;
  /** Tells the caller how far the work is; kept rising by the server. */
  progress(done: number, total: number | undefined, message: string): void;
}

/** What to put to the person before something is lost. */
export interface ConsentQuestion {
  /** Names the thing and what goes with it: "Delete bob-container and everything on its 50GB disk?" */
  readonly message: string;
  /** The label of the one box to tick: "Delete bob-container". */
  readonly confirm: string;
}

/** A thing that a model can do. */
export interface Tool<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  /** `verb_noun` in snake_case. */
  readonly name: string;
  /** What a person is shown. */
  readonly title: string;
  /** What a model is told: what it does and what it does not, in few words. */
  readonly description: string;
  /** How far a call reaches. */
  readonly effect: Effect;
  /** Whether a second call with the same arguments changes nothing more. */
  readonly idempotent: boolean;
  /**
   * What it brings beyond its effect: `container`, text from inside a container comes back; `shell`,
   * whatever a shell there can do may be done, too.
   *
   * @default Neither
   */
  readonly reach?: "container" | "shell";
  /** The token scopes without which the daemon would refuse. */
  readonly scopes: readonly Scope[];
  /** The arguments: a strict object, each field described. */
  readonly input: Input;
  /** The answer: a strict object, complete by itself. */
  readonly output: Output;
  /** Does it. */
  run(args: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
  /** The same facts as `output`, in the fewest words. */
  render(output: z.output<Output>): string;
  /**
   * Whether an answer that is complete tells of a failure all the same.
   *
   * @default It does not
   */
  failed?(output: z.output<Output>): boolean;
  /**
   * What to ask the person first; nothing when this call loses nothing. Of a tool whose reach is
   * `shell` it is asked only where consent is wanted always.
   */
  consent?(
    args: z.output<Input>,
    context: ToolContext,
  ): Promise<ConsentQuestion | undefined>;
}

/** Types a tool from its schemas. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(
  tool: Tool<I, O>,
): Tool<I, O> {
  return tool;
}

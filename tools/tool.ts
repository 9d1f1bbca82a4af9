/**
 * Defines a tool: the only contract between `server/` and everything under `tools/`.
 *
 * @module
 */
import type { z } from "zod";
import type { ContainariumClient, GitHub, Logger } from "../client/mod.ts";
import type { InFlightLimit, Scope } from "../client/internal.ts";
import type { LogTraces } from "./log_traces.ts";
import type { Sessions } from "./screen/terminal_sessions.ts";
import type { ListedWith, PolicySource } from "./policy/mod.ts";
import type { QuotaGuard } from "./admission/guard.ts";

/** How far a call reaches. The MCP hints derive from it and from `idempotent`. */
export type Effect = "read" | "write" | "destroy";

/** One connection with a client. Owns what a call leaves for later calls. */
export interface Conversation {
  /** Aborts when the conversation ends. */
  readonly ended: AbortSignal;
  /** Terminals that calls left open. Absent until the first one is asked for. */
  terminals?: Sessions;
  /** What reading logs left in them. Absent until the first one is read. */
  logTraces?: LogTraces;
}

/** What a call may use besides its arguments. */
export interface ToolContext {
  /** Client of the daemon. */
  readonly client: ContainariumClient;
  /** Aborts when the caller cancels, the deadline passes, or stdin ends. */
  readonly signal: AbortSignal;
  /** Writes debug messages and warnings to stderr, redacted. */
  readonly log: Logger;
  /** Conversation that the call belongs to. */
  readonly conversation: Conversation;
  /** Returns the templates and quotas as this call goes by them: read once, on first use. */
  readonly policy: PolicySource;
  /** Enforces the quotas on creations and changes. */
  readonly quotas: QuotaGuard;
  /** Limits the number of containers that all bulk calls together work on at a time. */
  readonly bulkLimit: InFlightLimit;
  /** Names of the tools that the client can call. */
  readonly tools: ReadonlySet<string>;
  /** GitHub, for self-hosted runners. Absent: there is no token for it. */
  readonly github?: GitHub | undefined;
  /** Why the other tools are off, by their names. */
  readonly toolsOff: ReadonlyMap<string, string>;
  /** Whether nothing may be changed. Only tools that also work then have to look. */
  readonly readOnly: boolean;
  /** Keeps the signal linked to the end of the conversation until work that outlives the call has ended. */
  continueAfterAnswer(work: Promise<unknown>): void;
  /** Reports progress to the caller. The server keeps `done` increasing. */
  progress(done: number, total: number | undefined, message: string): void;
}

/** Question for the user before something is lost. */
export interface ConsentQuestion {
  /** Names exactly what is lost: "Delete bob-container and everything on its 50GB disk?" */
  readonly message: string;
  /** Label of the only checkbox: "Delete bob-container". */
  readonly confirm: string;
}

/** What `consent` returns: the question for the user, and the state behind the question. */
export interface ConsentRequest<Agreed> {
  /** Question for the user. Absent if there is nothing to ask. */
  readonly question?: ConsentQuestion | undefined;
  /**
   * Whether the question is put only under `CONTAINARIUM_CONSENT=always`, as that for a command is: otherwise it
   * is left to the client's own approval.
   *
   * @default {false}
   */
  readonly onlyIfAlways?: boolean | undefined;
  /** State that `consent` read. It binds `run`, even without a question. */
  readonly agreed?: Agreed | undefined;
}

/**
 * Something a model can do.
 *
 * @typeParam Agreed What `run` gets back from `consent`
 */
export interface Tool<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
  Agreed = unknown,
> {
  /** `verb_noun` in snake_case. */
  readonly name: string;
  /** Title for the user. */
  readonly title: string;
  /** Description for the model. Clients search its first sentence. */
  readonly description: string;
  /** How far a call reaches. */
  readonly effect: Effect;
  /** Whether a second call with the same arguments changes nothing more. */
  readonly idempotent: boolean;
  /**
   * Whether it is on with `--read-only` although it can change something. It then goes by
   * `context.readOnly`.
   *
   * @default {false}
   */
  readonly worksReadOnly?: boolean | undefined;
  /**
   * Reach beyond the effect. `container`: the result holds text from inside a container. `shell`:
   * the call can do whatever a shell in the container can. `secret`: the result is a secret, so the
   * call is not announced as read-only, which many clients let pass without asking.
   *
   * @default Neither
   */
  readonly reach?: "container" | "shell" | "secret" | undefined;
  /** Token scopes that the daemon requires. */
  readonly scopes: readonly Scope[];
  /**
   * Role that the daemon requires for what the tool is about. A token without it is not offered the tool.
   *
   * @default None
   */
  readonly role?: "admin" | undefined;
  /**
   * Scope that stands in for the role, in a token that names it: one without scopes does not have it.
   *
   * @default None
   */
  readonly insteadOfRole?: Scope | undefined;
  /**
   * Address of the view that hosts with MCP Apps open with its results. Other clients learn nothing of it.
   *
   * @default None
   */
  readonly view?: string | undefined;
  /**
   * Part of the policy without which the tool, or some of its arguments, is not listed.
   *
   * @default None
   */
  readonly listedWith?: ListedWith | undefined;
  /** Arguments: a strict object. Every field has a description. */
  readonly input: Input;
  /** Result: a strict object, complete by itself. */
  readonly output: Output;
  /**
   * Reads what the call would lose. Changes nothing. For a tool whose reach is `shell`, the server
   * calls it only under `CONTAINARIUM_CONSENT=always`.
   *
   * @returns `undefined` if the call loses nothing and nothing binds `run`
   */
  consent?(
    args: z.output<Input>,
    context: ToolContext,
  ): Promise<ConsentRequest<Agreed> | undefined>;
  /**
   * Executes the call.
   *
   * @param agreed What `consent` returned as `agreed`; do no more than that. `undefined` if
   * `consent` did not run or returned none
   */
  run(
    args: z.output<Input>,
    context: ToolContext,
    agreed?: Agreed,
  ): Promise<z.input<Output>>;
  /** Returns the same facts as `output`, in the fewest tokens. */
  render(output: z.output<Output>): string;
  /**
   * Returns how long a call may legitimately take, in seconds. The server allows some minutes more
   * before it ends the call.
   *
   * @default The sum of the arguments whose names end in `_seconds`
   */
  longestSeconds?(args: z.output<Input>): number;
  /**
   * Returns whether a complete result reports a failure.
   *
   * @default Never
   */
  failed?(output: z.output<Output>): boolean;
}

/**
 * Infers a tool's types. Write `consent` above `run`: TypeScript infers `Agreed` from `consent`.
 *
 * @returns The same tool
 */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject, Agreed = never>(
  tool: Tool<I, O, Agreed>,
): Tool<I, O, Agreed> {
  return tool;
}

import {
  type ClientOptions,
  ContainariumClient,
  ContainariumError,
  type GitHubOptions,
} from "../client/mod.ts";
import { didYouMean, GitHub, readOptions, silent } from "../client/internal.ts";
import {
  activeTools,
  expectedGrace,
  isGrace,
  keepPolicy,
  type PolicySource,
  QuotaGuard,
  toolNames,
  type ToolSelection,
  toolsetWords,
  withGrace,
  withoutPolicy,
} from "../tools/mod.ts";
import { type ConsentMode, isBulkConcurrency } from "./serve_choices.ts";
import type { RecordEntry } from "./record/record_entry.ts";
import { serve } from "./server.ts";

/** What a server is made of: the daemon, its token, and what a model may do. */
export interface ServerConfig extends ClientOptions, ToolSelection {
  /**
   * When the user is asked before something is lost.
   *
   * @default {"auto"}
   */
  readonly consent?: ConsentMode | undefined;
  /**
   * Templates and quotas, as the text of a policy file (`docs/config.schema.json`), or what reads it as
   * it is now. One that becomes unusable is logged, and the one before stays in force.
   *
   * @default None
   */
  readonly policy?: (string | (() => Promise<string>)) | undefined;
  /**
   * For how long a deleted container can be recovered, at most 7 days, e.g. `24h`; what the policy says
   * takes precedence.
   *
   * @default Containers are deleted at once
   */
  readonly deleteGrace?: string | undefined;
  /**
   * Takes what is recorded of each call that changes something: before the user is asked, before it is
   * carried out, and after it. One that cannot be recorded is not carried out.
   *
   * @default Nothing is recorded
   */
  readonly audit?: ((entry: RecordEntry) => Promise<void>) | undefined;
  /**
   * What the daemon is called; said in the instructions and in every question to the user.
   *
   * @default Not said
   */
  readonly serverName?: string | undefined;
  /**
   * How to reach GitHub, for the toolset `runners`.
   *
   * @default Not at all
   */
  readonly github?: GitHubOptions | undefined;
  /**
   * How many containers the bulk tools work on at once, 1 to 10, over all calls of a conversation.
   *
   * @default {3}
   */
  readonly bulkConcurrency?: number | undefined;
}

/** How one conversation is held. */
export interface ConversationOptions {
  /** Ends it before the input does. */
  readonly signal?: AbortSignal | undefined;
}

/** An MCP server for one daemon. */
export interface ContainariumServer {
  /**
   * Holds one conversation over a pair of byte streams, one JSON-RPC message a line. Ends when the
   * input does; the output is left open.
   *
   * @throws {ContainariumError} `unauthenticated` when the token's file cannot be used,
   * `invalid_argument` when the policy cannot
   */
  serve(
    readable: ReadableStream<Uint8Array>,
    writable: WritableStream<Uint8Array>,
    options?: ConversationOptions,
  ): Promise<void>;
}

/**
 * Makes an MCP server that speaks over any pair of byte streams: a socket, a pipe, a test. It gives
 * up no permission and ends no process.
 *
 * @example Ask it who it is, over a pair of streams
 * ```ts
 * import { assert } from "@std/assert";
 * import { createServer } from "@containarium/mcp-server";
 *
 * const server = createServer({ serverUrl: "http://localhost:8080", token: "ctnr_example", readOnly: true });
 * const hello = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}\n';
 * const answers = new TransformStream<Uint8Array, Uint8Array>();
 * const served = server.serve(new Blob([hello]).stream(), answers.writable);
 * const { value } = await answers.readable.getReader().read();
 * await served;
 * assert(new TextDecoder().decode(value).includes('"name":"containarium"'));
 * ```
 *
 * @param config The daemon, its token, and what a model may do
 * @throws {ContainariumError} `invalid_argument` for an address, a token or a name that cannot be one
 */
export function createServer(config: ServerConfig): ContainariumServer {
  // Fail fast: validate the URL, the token and the tool names before the first conversation.
  readOptions(config);
  if (config.github !== undefined) new GitHub(config.github, () => {});
  refuseBulkConcurrency(config.bulkConcurrency);
  refuseUnknown("tools", config.tools, toolNames);
  refuseUnknown("toolsets", config.toolsets, toolsetWords);
  refuseGrace(config.deleteGrace);
  const policy = policyOf(config);
  return {
    serve: async (readable, writable, { signal } = {}) => {
      using client = new ContainariumClient(config);
      const tools = activeTools(config, await client.tokenClaims());
      const writer = writable.getWriter();
      try {
        await serve({
          client,
          tools,
          input: readable,
          write: (bytes) => writer.write(bytes),
          ...await policy(),
          log: config.log ?? silent,
          trace: config.log !== undefined,
          bulkConcurrency: config.bulkConcurrency,
          consent: config.consent,
          serverName: config.serverName,
          audit: config.audit,
          github: config.github && new GitHub(config.github, (value) => client.keepSecret(value)),
          serverUrl: String(config.serverUrl),
          signal,
        });
      } finally {
        writer.releaseLock();
      }
    },
  };
}

interface InForce {
  readonly policy: PolicySource;
  readonly quotas: QuotaGuard;
}

/** The policy of all conversations of a server: what one of them reserves counts in the others. */
function policyOf(
  { policy: given, deleteGrace, log = silent }: ServerConfig,
): () => Promise<InForce> {
  let opened: Promise<InForce> | undefined;
  const open = async () => {
    const read = typeof given === "string" ? () => Promise.resolve(given) : given;
    const policy = read === undefined
      ? withoutPolicy
      : await keepPolicy({ label: "policy", read }, log);
    return { policy: withGrace(policy, deleteGrace), quotas: new QuotaGuard() };
  };
  return () =>
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
}

function refuseGrace(grace: string | undefined): void {
  if (grace === undefined || isGrace(grace)) return;
  throw new ContainariumError("invalid_argument", `deleteGrace "${grace}": ${expectedGrace}`);
}

function refuseBulkConcurrency(count: number | undefined): void {
  if (count === undefined || isBulkConcurrency(count)) return;
  throw new ContainariumError("invalid_argument", `bulkConcurrency: ${count} is not 1 to 10`);
}

function refuseUnknown(
  option: "tools" | "toolsets",
  names: readonly string[] = [],
  known: readonly string[],
): void {
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  throw new ContainariumError(
    "invalid_argument",
    `${option}: there is no "${wrong}"; ${didYouMean(wrong, known)}`,
  );
}

/**
 * Wires tools to the SDK's low-level server.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/server/index"
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  CallToolRequestParamsSchema,
  type JSONRPCRequest,
  PaginatedRequestParamsSchema,
  type Result,
} from "@modelcontextprotocol/sdk/types.js";
import { type ContainariumClient, type Logger, version } from "../client/mod.ts";
import { describeTool, type Tool } from "../tools/mod.ts";
import { callTool } from "./call.ts";
import { Progress } from "./progress.ts";
import { rpcCodes, RpcError } from "./rpc_error.ts";
import { type StdioOptions, StdioTransport } from "./stdio.ts";

/** What a server is made of. */
export interface ServeOptions extends Pick<StdioOptions, "input" | "write"> {
  /** Speaks to the daemon. */
  readonly client: ContainariumClient;
  /** What a model can do. */
  readonly tools: readonly Tool[];
  /** Takes log lines, redacted. */
  readonly log: Logger;
  /**
   * How many milliseconds of silence before progress is repeated.
   *
   * @default {10_000}
   */
  readonly heartbeatMs?: number;
}

/** Serves MCP until the input ends, and gives up what is under way then. */
export async function serve(options: ServeOptions): Promise<void> {
  const { input, write, client, log } = options;
  const stop = new AbortController();
  const transport = new StdioTransport({
    input,
    write,
    onInputEnd: () => stop.abort(new DOMException("The client has gone", "AbortError")),
    trace: (direction, line) => log("debug", `${direction === "in" ? "→" : "←"} ${line}`),
  });
  const server = new Server(
    { name: "containarium", title: "Containarium", version },
    { capabilities: { tools: {} }, instructions },
  );
  const handler = new RequestHandler(options, stop.signal);
  server.fallbackRequestHandler = (request, extra) => handler.handle(request, extra);
  server.onerror = (error) => log("warning", client.redact(error.message));
  await server.connect(transport);
  await transport.ended;
}

const instructions =
  "Create and run Linux system containers (one a user) on a Containarium host: " +
  "create, list, start, stop and delete them, and see what they and the host use. " +
  "A container is addressed by its owner's username. Creating one takes seconds to minutes; " +
  "deleting one destroys its disk, so ask the person first.";

/** The part of the SDK's `extra` that is used here. */
interface Extra {
  readonly signal: AbortSignal;
  readonly _meta?: { readonly progressToken?: string | number | undefined } | undefined;
  sendNotification(
    notification: {
      method: "notifications/progress";
      params: { progressToken: string | number; progress: number; total?: number; message: string };
    },
  ): Promise<void>;
}

/** Answers what the SDK does not answer by itself, with the specification's error codes. */
class RequestHandler {
  readonly #options: ServeOptions;
  readonly #stop: AbortSignal;

  constructor(options: ServeOptions, stop: AbortSignal) {
    this.#options = options;
    this.#stop = stop;
  }

  async handle(request: JSONRPCRequest, extra: Extra): Promise<Result> {
    switch (request.method) {
      case "tools/list":
        return this.#list(request.params);
      case "tools/call":
        return await this.#call(request.params, extra);
      default:
        throw new RpcError(rpcCodes.methodNotFound, `Method not found: ${request.method}`);
    }
  }

  #list(params: unknown): Result {
    const parsed = PaginatedRequestParamsSchema.optional().safeParse(params);
    if (!parsed.success) {
      throw new RpcError(rpcCodes.invalidParams, "tools/list: expected params {cursor?: string}");
    }
    if (parsed.data?.cursor !== undefined) {
      throw new RpcError(
        rpcCodes.invalidParams,
        "tools/list: this cursor was not given by this server",
      );
    }
    return { tools: this.#options.tools.map(describeTool) };
  }

  async #call(params: unknown, extra: Extra): Promise<Result> {
    const parsed = CallToolRequestParamsSchema.safeParse(params);
    if (!parsed.success) {
      throw new RpcError(
        rpcCodes.invalidParams,
        "tools/call: expected params {name: string, arguments?: object}",
      );
    }
    const { name, arguments: input = {} } = parsed.data;
    const tool = this.#options.tools.find((tool) => tool.name === name);
    if (tool === undefined) throw new RpcError(rpcCodes.invalidParams, `Unknown tool: ${name}`);
    const { client, log } = this.#options;
    using progress = this.#progress(extra);
    const answer = await callTool(tool, input, {
      client,
      log,
      signal: AbortSignal.any([extra.signal, this.#stop]),
      progress: (done, total, message) => progress?.report(done, total, message),
    });
    return { ...answer };
  }

  #progress({ _meta: meta, sendNotification }: Extra): Progress | undefined {
    const progressToken = meta?.progressToken;
    if (progressToken === undefined) return undefined;
    return new Progress({
      heartbeatMs: this.#options.heartbeatMs ?? 10_000,
      send: (report) => {
        sendNotification({
          method: "notifications/progress",
          params: { progressToken, ...report },
        }).catch((error: Error) => this.#options.log("debug", error.message));
      },
    });
  }
}

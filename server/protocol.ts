/**
 * The SDK's half of a conversation, and the handshake.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/shared/protocol"
import { Protocol } from "@modelcontextprotocol/sdk/shared/protocol.js";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  type ClientCapabilities,
  type InitializeRequest,
  InitializeRequestParamsSchema,
  type InitializeResult,
  LATEST_PROTOCOL_VERSION,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/sdk/types.js";
import type { Method, Methods } from "./methods.ts";

/** What `initialize` is answered with, besides the version. */
export type Introduction = Pick<InitializeResult, "capabilities" | "serverInfo" | "instructions">;

/**
 * Requests, answers, cancellation and time-outs as the SDK has them. In place of the SDK's `Server`, which
 * loads `ajv` for a question that is never asked through it: that is a third of the time to start.
 */
export class ServerProtocol extends Protocol<ServerRequest, ServerNotification, ServerResult> {
  readonly #introduction: Introduction;
  #client: InitializeRequest["params"] | undefined;

  /** @param introduction What `initialize` is answered with, besides the version */
  constructor(introduction: Introduction) {
    super();
    this.#introduction = introduction;
    // All requests go through one seam, which decides by revision.
    this.removeRequestHandler("ping");
  }

  /** The methods of the handshake. */
  get methods(): Methods {
    return new Map<string, Method>([
      ["initialize", { only: "legacy", answer: ({ params }) => this.#initialize(params) }],
      ["ping", { only: "legacy", answer: () => ({}) }],
    ]);
  }

  /** What the client can do. Absent before `initialize`. */
  get clientCapabilities(): ClientCapabilities | undefined {
    return this.#client?.capabilities;
  }

  /** What the client calls itself. Absent before `initialize`. */
  get clientInfo(): InitializeRequest["params"]["clientInfo"] | undefined {
    return this.#client?.clientInfo;
  }

  #initialize(params: unknown): InitializeResult {
    this.#client = InitializeRequestParamsSchema.parse(params);
    const { protocolVersion: asked } = this.#client;
    const protocolVersion = SUPPORTED_PROTOCOL_VERSIONS.includes(asked)
      ? asked
      : LATEST_PROTOCOL_VERSION;
    return { protocolVersion, ...this.#introduction };
  }

  /** The one request to a client, a question to the user, is put where it declared that it can ask. */
  protected override assertCapabilityForMethod(): void {}

  /** Logging is declared, and all else needs no capability. */
  protected override assertNotificationCapability(): void {}

  /** Which methods are served does not change. */
  protected override assertRequestHandlerCapability(): void {}

  /** No request to a client is made a task. */
  protected override assertTaskCapability(): void {}

  /** Tasks are not offered. */
  protected override assertTaskHandlerCapability(method: string): void {
    throw new Error(`This server offers no tasks (asked for with ${method})`);
  }
}

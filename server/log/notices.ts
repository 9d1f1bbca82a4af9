/**
 * MCP's logging: warnings and errors sent to the client, which may ask for fewer or more.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  type LoggingLevel,
  LoggingLevelSchema,
  type Result,
  SetLevelRequestParamsSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { LogLevel } from "../../client/mod.ts";
import type { Method, Methods } from "../methods.ts";
import { rpcCodes, RpcError } from "../rpc_error.ts";

/** One `notifications/message`. */
export interface Notice {
  /** Its severity. */
  readonly level: LogLevel;
  /** Who says it. */
  readonly logger: "containarium";
  /** What. */
  readonly data: string;
}

const WINDOW_MS = 10_000;
const MAX_IN_WINDOW = 20;

/** Sends log messages to the client, at a limited rate. */
export class Notices {
  readonly #send: (notice: Notice) => void;
  #least: number;
  #windowStart = -Infinity;
  #inWindow = 0;
  #leftOut = 0;

  /**
   * @param send Sends one
   * @param least The least severe that are sent
   */
  constructor(send: (notice: Notice) => void, least: LoggingLevel = "warning") {
    this.#send = send;
    this.#least = severity(least);
  }

  /** `logging/setLevel`, which the new revision has a level in each request for. */
  get methods(): Methods {
    return new Map<string, Method>([
      ["logging/setLevel", { only: "legacy", answer: ({ params }) => this.#setLevel(params) }],
    ]);
  }

  #setLevel(params: unknown): Result {
    const parsed = SetLevelRequestParamsSchema.safeParse(params);
    if (!parsed.success) {
      throw new RpcError(
        rpcCodes.invalidParams,
        `logging/setLevel: expected params {level: ${LoggingLevelSchema.options.join(" | ")}}`,
      );
    }
    this.#least = severity(parsed.data.level);
    return {};
  }

  /** Sends one message, if the client's level includes it and the rate allows. */
  log(level: LogLevel, data: string): void {
    if (severity(level) < this.#least) return;
    const now = performance.now();
    if (now - this.#windowStart >= WINDOW_MS) {
      if (this.#leftOut > 0) this.#notify("warning", `${this.#leftOut} messages were left out`);
      this.#windowStart = now;
      this.#inWindow = this.#leftOut = 0;
    }
    if (this.#inWindow++ < MAX_IN_WINDOW) this.#notify(level, data);
    else this.#leftOut++;
  }

  #notify(level: LogLevel, data: string): void {
    this.#send({ level, logger: "containarium", data });
  }
}

function severity(level: LoggingLevel): number {
  return LoggingLevelSchema.options.indexOf(level);
}

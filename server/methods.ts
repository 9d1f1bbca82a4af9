/**
 * What a method of MCP is to this server, whichever revision asks.
 *
 * To add one, write an object of type {@linkcode Method} and put it into a map as `tool_methods.ts` and
 * `reading_methods.ts` return; `server.ts` joins them:
 *
 * ```ts ignore
 * new Map<string, Method>([
 *   ["things/list", { cacheMs, answer: ({ params }) => list(params) }],
 *   ["things/change", { mayAsk: true, answer: (call) => change(call) }],
 *   ["things/subscribe", { only: "legacy", answer: (call) => subscribe(call) }],
 *   ["things/listen", { only: "modern", isStream: true, answer: (call) => listen(call) }],
 * ]);
 * ```
 *
 * The seam (`requests.ts` and `modern/`) does the rest:
 *
 * - reads the envelope of the new revision and refuses what does not fit;
 * - answers -32601 in the revision that lacks the method, or -32602 if only the envelope is missing;
 * - stamps results: `resultType`, `_meta`, and `ttlMs` with `cacheScope` where there is `cacheMs`;
 * - answers `rpcCodes.resourceNotFound` with each revision's own code;
 * - carries a question to the user and back: return the `result` of a reply that is `pending`;
 * - gives each notification of a stream its `subscriptionId`.
 *
 * A method with `isStream` sends with `notify` and answers when it ends: resolve with `{}` when `signal`
 * aborts (canceled, or stdin ended) or when the server ends it. Nothing is sent after that.
 * What a client is to know of a method beforehand goes into `capabilities` in `server.ts`.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import type { Result } from "@modelcontextprotocol/sdk/types.js";
import type { Logger } from "../client/mod.ts";
import type { AskUser } from "./consent.ts";
import type { JsonObject } from "./json.ts";

/** One request, the same in both revisions. */
export interface MethodCall {
  /** Its parameters; an empty object where there are none. */
  readonly params: JsonObject;
  /** What the client declares that it can do: with this request, or in `initialize`. */
  readonly capabilities: JsonObject;
  /** Who asks, as the client calls itself: `name` and `version`. */
  readonly clientInfo: JsonObject;
  /** Aborts when the client cancels the request or has gone. */
  readonly signal: AbortSignal;
  /** Takes log lines of this request: to stderr, and to the client as its revision has it. */
  readonly log: Logger;
  /** Sends a notification that belongs to this request. Sends nothing once the request is answered. */
  readonly notify: (method: string, params: JsonObject) => void;
  /** What progress is reported with. Absent if the client asked for none. */
  readonly progressToken: string | number | undefined;
  /** Puts a question to the user. Absent if the client, or the method, cannot ask. */
  readonly ask: AskUser | undefined;
}

/** A method that this server answers. */
export interface Method {
  /**
   * Answers one request.
   *
   * @throws {RpcError} If it cannot be answered
   */
  answer(call: MethodCall): Result | Promise<Result>;
  /**
   * The one revision that has it: `modern` is 2026-07-28, `legacy` all before.
   *
   * @default Both
   */
  readonly only?: "legacy" | "modern" | undefined;
  /**
   * How many milliseconds a client of the new revision may keep the result. Give it exactly where that
   * revision demands it: discover, lists and `resources/read`.
   *
   * @default The result says nothing about it
   */
  readonly cacheMs?: number | undefined;
  /**
   * Whether it may ask the user: `tools/call`, `prompts/get` and `resources/read`.
   *
   * @default {false}
   */
  readonly mayAsk?: boolean | undefined;
  /**
   * Whether it stays open to send notifications, each of which names it as its subscription.
   *
   * @default {false}
   */
  readonly isStream?: boolean | undefined;
}

/** The methods by name. */
export type Methods = ReadonlyMap<string, Method>;

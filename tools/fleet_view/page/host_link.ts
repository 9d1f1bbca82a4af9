/**
 * The view's half of MCP Apps (SEP-1865, 2026-01-26): JSON-RPC with the host over postMessage. The official
 * library is more than ten times the size of the whole view (337 KB, minified): it brings zod and the SDK.
 *
 * @module
 */
import { type Fields, fieldsOf, isFields, listOf, textOf } from "./json_fields.ts";

/** The revision of MCP Apps that the view speaks. */
const REVISION = "2026-01-26";
/** A change may wait for the user's consent, which expires after ten minutes. */
const MAX_ANSWER_MS = 660_000;

/** What a tool returned. */
export interface ToolAnswer {
  /** Text. */
  readonly text: string;
  /** Structured content. */
  readonly facts: Fields;
  /** Whether it failed. */
  readonly isError: boolean;
}

/** Handlers for notifications from the host. */
export interface HostListener {
  /** The host's theme and sizes; after the first time, only changed values. */
  onContext(context: Fields): void;
  /** The arguments of the call that opened the view. */
  onToolInput(args: Fields): void;
  /** The result of the call that opened the view. */
  onToolResult(answer: ToolAnswer): void;
  /** The view is about to be removed. */
  onTeardown(): Promise<void>;
}

interface Waiting {
  resolve(result: Fields): void;
  reject(error: Error): void;
}

/** The connection to the host. */
export class HostLink {
  readonly #host: Window;
  readonly #listener: HostListener;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #capabilities: Fields = {};

  /** @param host The window that embeds the view */
  constructor(host: Window, listener: HostListener) {
    this.#host = host;
    this.#listener = listener;
    addEventListener("message", ({ source, data }) => {
      // Other windows with a reference to this one are not the host.
      if (source === host && isFields(data) && data.jsonrpc === "2.0") this.#receive(data);
    });
  }

  /** Whether the host allows the view to call tools. */
  get callsTools(): boolean {
    return isFields(this.#capabilities.serverTools);
  }

  /** Performs the handshake. */
  async open(): Promise<void> {
    const result = await this.#request("ui/initialize", {
      protocolVersion: REVISION,
      appInfo: { name: "containarium-fleet", version: "1" },
      appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
    });
    this.#capabilities = fieldsOf(result.hostCapabilities);
    this.#listener.onContext(fieldsOf(result.hostContext));
    this.notify("ui/notifications/initialized", {});
  }

  /**
   * Calls a tool of the server through the host, which may ask the user.
   *
   * @throws {Error} If the host refuses or does not answer
   */
  async callTool(name: string, args: Fields): Promise<ToolAnswer> {
    return answerOf(await this.#request("tools/call", { name, arguments: args }));
  }

  /** Requests another display mode; returns the one that the host chose. */
  async requestDisplay(mode: string): Promise<string | undefined> {
    return textOf((await this.#request("ui/request-display-mode", { mode })).mode);
  }

  /** Sends a notification. */
  notify(method: string, params: Fields): void {
    this.#send({ method, params });
  }

  #request(method: string, params: Fields): Promise<Fields> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Fields>();
    this.#waiting.set(id, { resolve, reject });
    const timer = setTimeout(
      () => reject(new Error("The host did not respond in time")),
      MAX_ANSWER_MS,
    );
    this.#send({ id, method, params });
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(id);
    });
  }

  #receive(message: Fields): void {
    const { id, method } = message;
    if (typeof method === "string") this.#take(method, id, fieldsOf(message.params));
    else if (typeof id === "number") {
      const { error } = message;
      if (error === undefined) this.#waiting.get(id)?.resolve(fieldsOf(message.result));
      else this.#waiting.get(id)?.reject(new Error(textOf(fieldsOf(error).message) ?? "Refused"));
    }
  }

  #take(method: string, id: unknown, params: Fields): void {
    switch (method) {
      case "ui/notifications/tool-input":
        return this.#listener.onToolInput(fieldsOf(params.arguments));
      case "ui/notifications/tool-result":
        return this.#listener.onToolResult(answerOf(params));
      case "ui/notifications/host-context-changed":
        return this.#listener.onContext(params);
      case "ui/resource-teardown":
        return void this.#listener.onTeardown().finally(() => this.#send({ id, result: {} }));
      case "ping":
        return this.#send({ id, result: {} });
      default:
        if (id === undefined) return;
        this.#send({ id, error: { code: -32601, message: "Method not found" } });
    }
  }

  #send(message: Fields): void {
    // The host's origin is unknown here; the view sends nothing that the host does not already have.
    this.#host.postMessage({ jsonrpc: "2.0", ...message }, "*");
  }
}

/** Parses the result of a tool. */
function answerOf(result: Fields): ToolAnswer {
  return {
    text: listOf(result.content).map(({ text }) => textOf(text) ?? "").join("\n"),
    facts: fieldsOf(result.structuredContent),
    isError: result.isError === true,
  };
}

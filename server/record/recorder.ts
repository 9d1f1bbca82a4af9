/**
 * The record of changes: who did what, before it is done and after. Not a log, which says what this server
 * went through.
 *
 * @module
 */
import type { ContainariumClient } from "../../client/mod.ts";
import { traceId, withoutSecrets } from "../../client/internal.ts";
import type { Tool, ToolDescription } from "../../tools/mod.ts";
import { isPlainName } from "../harmless_arguments.ts";
import type { JsonObject } from "../json.ts";
import { CallRecord } from "./call_record.ts";
import type { RecordSink } from "./record_entry.ts";

/** What a conversation is recorded with. */
export interface RecorderOptions {
  /** Takes the entries. Absent: nothing is recorded. */
  readonly audit: RecordSink | undefined;
  /** Takes the token out of them. */
  readonly client: Pick<ContainariumClient, "redact">;
  /** When the user is asked. */
  readonly consent: "auto" | "always" | "never";
  /** Address of the daemon. */
  readonly serverUrl: string | undefined;
}

/** Records the calls of a conversation. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #conversation: string = crypto.randomUUID();
  readonly #calls = new Set<Promise<void>>();

  /** @param options What it is recorded with */
  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /**
   * Begins to record a call.
   *
   * @returns `undefined` if it is not recorded: it changes nothing, and asks for nothing
   */
  open(
    tool: Pick<Tool, "name" | "effect" | "consent">,
    { inputSchema }: Pick<ToolDescription, "inputSchema">,
    clientInfo: JsonObject,
  ): CallRecord | undefined {
    const { audit, client, consent: mode, serverUrl } = this.#options;
    if (audit === undefined || (tool.effect === "read" && tool.consent === undefined)) {
      return undefined;
    }
    return new CallRecord(audit, {
      conversation: this.#conversation,
      client: { name: plainName(clientInfo.name), version: plainName(clientInfo.version) },
      daemon: serverUrl === undefined ? undefined : withoutSecrets(serverUrl),
      tool: tool.name,
      schema: inputSchema,
      mode,
      trace: traceId(),
      redact: (text) => withoutSecrets(client.redact(text)),
    });
  }

  /** Keeps track of a call, so that what was given up is recorded, too. */
  async track<T>(call: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#calls.add(promise);
    try {
      return await call();
    } finally {
      this.#calls.delete(promise);
      resolve();
    }
  }

  /** Resolves when every call has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#calls);
  }
}

function plainName(value: unknown): string {
  return isPlainName(value) ? withoutSecrets(value) : "unknown";
}

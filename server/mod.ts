/**
 * The MCP server over any pair of byte streams: it reads no variables, gives up no permissions and ends no
 * process.
 *
 * ```ts
 * import { assert } from "@std/assert";
 * import { createServer } from "@containarium/mcp-server/server";
 *
 * const server = createServer({ serverUrl: "http://localhost:8080", token: "ctnr_example" });
 * const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n';
 * const input = ReadableStream.from([new TextEncoder().encode(ping)]);
 * const output = new TransformStream<Uint8Array, Uint8Array>();
 * const served = server.serve(input, output.writable);
 * for await (const bytes of output.readable) {
 *   assert(new TextDecoder().decode(bytes).includes('"result":{}'));
 *   break;
 * }
 * await served;
 * ```
 *
 * @module
 */
export type { ConsentMode } from "./serve_choices.ts";
export type {
  CallOutcome,
  QuestionOutcome,
  RecordedQuestion,
  RecordedValue,
  RecordEntry,
  RecordEvent,
  Withheld,
} from "./record/record_entry.ts";
export {
  type ContainariumServer,
  type ConversationOptions,
  createServer,
  type ServerConfig,
} from "./create_server.ts";

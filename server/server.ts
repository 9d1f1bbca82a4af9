/**
 * Wires tools, resources and prompts to the SDK's protocol.
 *
 * @module
 */
import { within, withoutTrace } from "../client/internal.ts";
import type { Conversation } from "../tools/mod.ts";
import { ConversationLog } from "./log/conversation_log.ts";
import { watchExpiry } from "./log/expiry.ts";
import { instructionsFor, serverInfo } from "./info.ts";
import type { Method } from "./methods.ts";
import { discoverMethod } from "./modern/discover.ts";
import { Notices } from "./log/notices.ts";
import { ServerProtocol } from "./protocol.ts";
import { readingMethods } from "./reading_methods.ts";
import { Recorder } from "./record/recorder.ts";
import { RequestHandler } from "./requests.ts";
import { type ServeOptions, withDefaults } from "./serve_options.ts";
import { StdioTransport } from "./stdio/stdio_transport.ts";
import { toolMethods } from "./tool_methods.ts";

const LAST_WORK_MS = 100;

/** Serves MCP until the input ends, and then cancels what is in progress, in containers too. */
export async function serve(options: ServeOptions): Promise<void> {
  // Deno leaves the trace of a request that loaded a module behind for whatever the runtime calls next.
  await withoutTrace(() => converse(options));
}

async function converse(options: ServeOptions): Promise<void> {
  const settings = withDefaults(options);
  const { client, serverName, cacheMs } = settings;
  const log = new ConversationLog(settings);
  const inputEnded = new AbortController();
  const stop = new AbortController();
  let terminalsClosed = Promise.resolve();
  const transport = new StdioTransport({
    ...settings,
    onLastLine: () => inputEnded.abort(),
    onInputEnd: (unanswered) => {
      if (unanswered > 0) {
        log.to()("info", `stdin has ended; requests in progress are canceled: ${unanswered}`);
      }
      stop.abort(new DOMException("The client has gone", "AbortError"));
      // Beside the last answers, not after them: a second is all there is.
      terminalsClosed = client.closeTerminals();
    },
    isStream: (method) => methods.get(method)?.isStream === true,
    // Not the values of secrets, which a user may have agreed to show.
    redact: (line) => client.redactToken(line),
    trace: (direction, message) => log.message(direction, message),
  });
  const send = (method: string, params: Readonly<Record<string, unknown>>) => {
    if (!stop.signal.aborted) transport.send({ jsonrpc: "2.0", method, params: { ...params } });
  };
  const ends = { inputEnded: inputEnded.signal, stop: stop.signal };
  const conversation: Conversation = { ended: stop.signal };
  // What belongs to no request is for stderr alone.
  const reading = readingMethods({ ...settings, ...ends, conversation, log: log.to(), send });
  const introduction = {
    capabilities: { tools: {}, ...reading.capabilities, logging: {} },
    serverInfo,
    instructions: instructionsFor(serverName),
  };
  const protocol = new ServerProtocol(introduction);
  const recorder = new Recorder(settings);
  const notices = new Notices((notice) => {
    if (protocol.clientCapabilities !== undefined) send("notifications/message", { ...notice });
  });
  const methods = new Map<string, Method>([
    ...protocol.methods,
    ...notices.methods,
    ["server/discover", discoverMethod(introduction, cacheMs)],
    ...toolMethods({ ...settings, ...ends, conversation, recorder, onChange: reading.changed }),
    ...reading.methods,
  ]);
  const handler = new RequestHandler({
    ...settings,
    ...ends,
    methods,
    capabilities: () => protocol.clientCapabilities,
    clientInfo: () => protocol.clientInfo,
    loggerFor: (reader) => log.to(reader),
    notices,
    send,
  });
  protocol.fallbackRequestHandler = (request, extra) => handler.handle(request, extra);
  protocol.onerror = (error) => log.fault(error);
  using _expiry = await watchExpiry(client, log.to(notices), { idle: transport.spoken });
  await protocol.connect(transport);
  await transport.ended;
  await terminalsClosed;
  // A call that was canceled just before the end is recorded all the same, and nothing is read after it.
  await within(Promise.all([recorder.settled(), handler.end(), reading.settled()]), LAST_WORK_MS);
}

/** Lines that no client should send, in both revisions: each request is answered once, and the server goes on. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { makeTool, serveTools } from "./fixture.ts";
import { envelope } from "./modern_envelope.ts";

const methods = [
  "initialize",
  "ping",
  "tools/list",
  "tools/call",
  "resources/read",
  "resources/templates/list",
  "resources/subscribe",
  "prompts/get",
  "completion/complete",
  "logging/setLevel",
  "server/discover",
  "tasks/get",
  "__proto__",
] as const;

const json = fc.jsonValue({ maxDepth: 3 });
const meta = fc.oneof(
  json,
  fc.dictionary(fc.constantFrom(...Object.keys(envelope()), "progressToken", "traceparent"), json),
  fc.dictionary(fc.constantFrom("progressToken", "baggage"), json).map((more) => envelope(more)),
);
const params = fc.oneof(
  json,
  fc.record(
    {
      name: fc.oneof(fc.constant("say_word"), json),
      arguments: json,
      uri: json,
      cursor: json,
      level: json,
      requestState: json,
      inputResponses: json,
      ref: json,
      argument: json,
      _meta: meta,
    },
    { requiredKeys: [] },
  ),
);
const request = fc.record(
  { method: fc.oneof(fc.constantFrom(...methods), fc.string()), params },
  { requiredKeys: ["method"] },
).filter(({ method }) => !method.startsWith("notifications/"));
/** Not a request, whatever else. */
const noise = fc.oneof(
  fc.string().map((text) => text.replaceAll("\n", " ")),
  json.map((value) => JSON.stringify(value)),
  params.map((params) =>
    JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params })
  ),
  json.map((result) => JSON.stringify({ jsonrpc: "2.0", id: 7, result })),
);

Deno.test("any request is answered exactly once, whatever it holds and whatever is beside it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(noise, request), { maxLength: 8 }), async (pairs) => {
      await using conversation = serveTools([makeTool()]);
      for (const [at, [line, message]] of pairs.entries()) {
        await conversation.sendLine(line);
        await conversation.send({ ...message, id: `fuzz-${at}` });
      }
      await conversation.request("server/discover", { _meta: envelope() });
      for (const at of pairs.keys()) {
        await conversation.next(({ id, method }) => id === `fuzz-${at}` && method === undefined);
      }
      await conversation.request("server/discover", { _meta: envelope() });
      for (const [at, [, message]] of pairs.entries()) {
        const answers = conversation.messages.filter(({ id }) => id === `fuzz-${at}`);
        assertEquals(answers.length, 1, JSON.stringify([message, answers]));
        assert((answers[0]?.error === undefined) !== (answers[0]?.result === undefined));
        assert(answers[0]?.error?.code !== -32603, JSON.stringify([message, answers]));
      }
    }),
    { numRuns: 150 },
  );
});

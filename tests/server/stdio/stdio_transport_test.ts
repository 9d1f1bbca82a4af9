import { assertEquals } from "@std/assert";
import { StdioTransport } from "../../../server/stdio/stdio_transport.ts";

Deno.test("StdioTransport waits at the end of its input for a request, and not for a stream", async (t) => {
  for (const [method, unanswered] of [["tools/call", 1], ["subscriptions/listen", 0]] as const) {
    await t.step(method, async () => {
      const ended = Promise.withResolvers<number>();
      const request = { jsonrpc: "2.0", id: 1, method, params: {} };
      const transport = new StdioTransport({
        input: new Blob([`${JSON.stringify(request)}\n`]).stream(),
        write: () => Promise.resolve(),
        onInputEnd: (count) => {
          ended.resolve(count);
          transport.send({ jsonrpc: "2.0", id: 1, result: {} });
        },
        isStream: (name) => name === "subscriptions/listen",
        redact: (line) => line,
        trace: () => {},
      });
      await transport.start();
      assertEquals(await ended.promise, unanswered);
      await transport.ended;
    });
  }
});

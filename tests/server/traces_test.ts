import { assertEquals } from "@std/assert";
import { traceId } from "../../client/internal.ts";
import { makeTool, serveTools } from "./fixture.ts";

Deno.test("no conversation begins in the trace of another one's request", async () => {
  const seen: unknown[] = [];
  const tool = makeTool({
    run: async () => {
      // What loads a module leaves its trace behind for whatever the runtime calls next.
      if (seen.length === 0) await import("data:text/javascript,export const loaded = true");
      seen.push(traceId());
      return { word: "hello", items: [] };
    },
  });
  const lines: string[] = [];
  const log = (_level: string, line: string) => lines.push(line);
  const call = async (_meta: Readonly<Record<string, unknown>>) => {
    await using server = serveTools([tool], { trace: true }, log);
    await server.initialize();
    await server.request("tools/call", { name: "say_word", _meta });
  };
  await call({ traceparent: `00-${"a".repeat(32)}-b7ad6b7169203331-01` });
  const began = Promise.withResolvers<void>();
  await using served = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    call({}).then(began.resolve, began.reject);
    return new Response();
  });
  await (await fetch(`http://127.0.0.1:${served.addr.port}`)).body?.cancel();
  await began.promise;
  assertEquals(seen, ["a".repeat(32), undefined]);
  assertEquals(lines.filter((line) => line.includes("(trace")), []);
});

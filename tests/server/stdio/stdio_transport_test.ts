import { assert, assertEquals } from "@std/assert";
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

/** What went in and out of a transport that got these lines. */
async function carry(lines: readonly unknown[]) {
  const traced: (readonly [direction: "in" | "out", message: unknown])[] = [];
  const got: unknown[] = [];
  const faults: string[] = [];
  const counts: number[] = [];
  let written = "";
  const text = lines.map((line) => typeof line === "string" ? line : JSON.stringify(line));
  const transport = new StdioTransport({
    input: new Blob([text.join("\n")]).stream(),
    write: (bytes) => Promise.resolve(void (written += new TextDecoder().decode(bytes))),
    onInputEnd: (count) => counts.push(count),
    isStream: () => false,
    redact: (line) => line.replaceAll("S3CR3T", "[token]"),
    trace: (...entry) => traced.push(entry),
  });
  transport.onmessage = (message) => {
    got.push(message);
    if (!("method" in message && "id" in message) || message.method !== "answer") return;
    transport.send({ jsonrpc: "2.0", id: message.id, result: { a: "S3CR3T" } });
  };
  transport.onerror = ({ message }) => faults.push(message);
  await transport.start();
  await transport.ended;
  return { traced, got, faults, counts, written };
}

const rpc = { jsonrpc: "2.0" };

Deno.test("StdioTransport traces what comes and goes, and redacts only what goes", async () => {
  const ask = { ...rpc, id: 7, method: "answer", params: { b: "S3CR3T" } };
  const answer = { ...rpc, id: 7, result: { a: "S3CR3T" } };
  const { traced, got, written, counts } = await carry([ask]);
  assertEquals(got, [ask]);
  assertEquals<unknown>(traced, [["in", ask], ["out", answer]]);
  assertEquals(JSON.parse(written), { ...rpc, id: 7, result: { a: "[token]" } });
  assert(written.endsWith("}\n"));
  assertEquals(counts, [0]);
});

Deno.test("StdioTransport answers a line that is no message, passes over what nobody waits for", async () => {
  const odd = { ...rpc, method: "x", params: [] };
  const { traced, got, faults, written } = await carry(["{bad", " ", "\t", "", odd, "7"]);
  assertEquals(got, []);
  assertEquals(faults, ["x: x: expected params to be an object, with a proper _meta"]);
  const errors = written.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(errors.map(({ id, error }) => [id, error.code]), [[null, -32700], [null, -32600]]);
  assertEquals(errors[0].error.message, "Parse error: the line is not JSON");
  assertEquals<unknown>(traced.filter(([direction]) => direction === "in"), [
    ["in", undefined],
    ["in", odd],
    ["in", 7],
  ]);
});

Deno.test("StdioTransport gives up only requests that were neither answered nor canceled", async () => {
  const request = (id: unknown) => ({ ...rpc, id, method: "wait" });
  const notice = (method: string, requestId: unknown) => ({
    ...rpc,
    method,
    params: { requestId },
  });
  const cancelled = "notifications/cancelled";
  const rows: readonly (readonly [lines: readonly unknown[], unanswered: number])[] = [
    [[request(1), request("a")], 2],
    [[request(1), request("a"), notice(cancelled, "a")], 1],
    [[request(1), notice(cancelled, 1)], 0],
    [[request(1), notice(cancelled, 2)], 1],
    [[request(1), notice(cancelled, undefined), { ...rpc, method: cancelled }], 1],
    // Another notification may name a request, too, and cancels nothing.
    [[request(1), notice("notifications/other", 1)], 1],
    [[{ ...rpc, id: 1, method: "answer" }, request(2)], 1],
    [[{ ...rpc, id: 1, result: {} }], 0],
  ];
  for (const [lines, unanswered] of rows) {
    const { counts } = await carry(lines);
    assertEquals(counts, [unanswered], JSON.stringify(lines));
  }
});

Deno.test("StdioTransport ends with a client that reads no more, and reports any other failure", async () => {
  const failures: readonly (readonly [error: unknown, reported: readonly string[]])[] = [
    [new Deno.errors.BrokenPipe("gone"), []],
    [new TypeError("a bug"), ["a bug"]],
    ["a text", ["a text"]],
  ];
  for (const [error, reported] of failures) {
    const faults: string[] = [];
    let writes = 0;
    // An input that stays open.
    const input = new TransformStream<Uint8Array, Uint8Array>();
    const writer = input.writable.getWriter();
    const transport = new StdioTransport({
      input: input.readable,
      write: () => {
        writes++;
        return Promise.reject(error);
      },
      onInputEnd: () => {},
      isStream: () => false,
      redact: (line) => line,
      trace: () => {},
    });
    transport.onerror = ({ message }) => faults.push(message);
    await transport.start();
    transport.send({ jsonrpc: "2.0", id: 1, result: {} });
    transport.send({ jsonrpc: "2.0", id: 2, result: {} });
    await transport.spoken;
    await transport.ended;
    assertEquals([faults, writes], [reported, 1]);
    await writer.abort().catch(() => {});
  }
});

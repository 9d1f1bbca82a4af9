import { assertEquals } from "@std/assert";
import {
  answeredId,
  formatMessage,
  parseMessage,
  toClient,
  wireId,
  writtenId,
} from "../../../server/stdio/request_ids.ts";
import { isObject } from "../../../server/json.ts";

/** The id that the SDK gets for one on the wire. */
function idOf(written: string): unknown {
  const message = parseMessage(`{"jsonrpc":"2.0","id":${written}}`);
  return isObject(message) ? message.id : undefined;
}

Deno.test("parseMessage() changes only an id that the SDK would lose, and formatMessage() changes it back", () => {
  const large = "9007199254740993";
  const kept = ["1", "-1", '"0"', '"a"', "9007199254740991", "null", "1.5", "[0]"];
  for (const id of kept) assertEquals(idOf(id), JSON.parse(id), id);
  const lost = ["0", large, `-${large}`, '"\\u0000n5"', "1".repeat(100)];
  for (const id of lost) {
    const inside = idOf(id);
    assertEquals(typeof inside, "string", id);
    assertEquals(formatMessage({ id: inside, result: {} }), `{"id":${id},"result":{}}`);
  }
  // Not a whole number, or of more digits than anybody counts to.
  for (const id of ["1e300", "1".repeat(101)]) assertEquals(idOf(id), Number(id), id);
});

Deno.test("parseMessage() finds ids where MCP has them, and nowhere else", () => {
  const zeros = { jsonrpc: "2.0", id: 0, params: { requestId: 0, _meta: { progressToken: 0 } } };
  const mark = "\u0000n0";
  assertEquals(parseMessage(JSON.stringify(zeros)), {
    jsonrpc: "2.0",
    id: mark,
    params: { requestId: mark, _meta: { progressToken: mark } },
  });
  const others = { params: { id: 0, arguments: { id: 0, requestId: 0, progressToken: 0 } } };
  for (const other of [others, [{ id: 0 }], { params: 0 }, { params: { _meta: 0 } }, 0, "x"]) {
    assertEquals(parseMessage(JSON.stringify(other)), other);
  }
});

Deno.test("formatMessage() changes only an id and the token of progress", () => {
  const mark = "\u0000n0";
  const progress = { method: "notifications/progress", params: { progressToken: mark, total: 2 } };
  assertEquals(
    formatMessage(progress),
    '{"method":"notifications/progress","params":{"progressToken":0,"total":2}}',
  );
  const texts = [
    { method: "notifications/progress", params: { progressToken: "a", total: 2 } },
    { method: "notifications/progress", params: [mark] },
    { method: "notifications/other", params: { progressToken: mark } },
    { id: "a", result: { id: mark } },
    { id: mark },
  ];
  for (const message of texts) assertEquals(formatMessage(message), JSON.stringify(message));
});

Deno.test("toClient() counts this server's requests from 1, and answeredId() counts back", () => {
  const rpc = { jsonrpc: "2.0" } as const;
  assertEquals(toClient({ ...rpc, id: 0, method: "x" }), { ...rpc, id: 1, method: "x" });
  assertEquals(toClient({ ...rpc, id: 0, result: {} }), { ...rpc, id: 0, result: {} });
  const cancelled = (requestId: unknown) => ({
    ...rpc,
    method: "notifications/cancelled",
    params: { reason: "x", requestId },
  });
  assertEquals(toClient(cancelled(0)), cancelled(1));
  assertEquals(toClient(cancelled("a")), cancelled("a"));
  assertEquals(toClient(cancelled(undefined)), cancelled(undefined));
  const other = { ...rpc, method: "notifications/other", params: { requestId: 0 } };
  assertEquals(toClient(other), other);
  const rows = [[1, 0], ["1", 0], ["15", 14], ["a", "a"], ["1a", "1a"], ["", ""]] as const;
  for (const [wire, inside] of rows) assertEquals(answeredId(wire), inside);
  assertEquals(answeredId("1".repeat(16)), "1".repeat(16));
});

Deno.test("wireId() and writtenId() have an id as the client wrote it", () => {
  const rows = [
    [7, 7, 7],
    ["a", "a", "a"],
    ["\u0000n0", 0, "0"],
    ["\u0000n9007199254740993", "9007199254740993", "9007199254740993"],
    ["\u0000t\u0000x", "\u0000x", "\u0000x"],
    ["\u0000t5", "5", "5"],
  ] as const;
  for (const [id, wire, written] of rows) {
    assertEquals([wireId(id), writtenId(id)], [wire, written], JSON.stringify(id));
  }
  assertEquals(writtenId(undefined), undefined);
});

import { assertEquals } from "@std/assert";
import { readMessage, readResult } from "../../../server/stdio/messages.ts";

const none =
  "Not a JSON-RPC 2.0 message: expected jsonrpc, method, and an id that is a string or an integer";
const refusal = (id: unknown, reason = none, code = -32600) => ({
  kind: "refused",
  code,
  reason,
  id,
});
const message = (parts: Readonly<Record<string, unknown>>) => ({
  kind: "message",
  message: { jsonrpc: "2.0", ...parts },
});
const malformed = { code: -32600, message: "its answer was malformed" };
const unfit = (method: string) => `${method}: expected params to be an object, with a proper _meta`;
const nested = (depth: number): unknown => depth === 0 ? {} : { a: nested(depth - 1) };
const rpc = { jsonrpc: "2.0" };

const rows: Readonly<Record<string, readonly [json: unknown, read: unknown]>> = {
  "a request": [
    { ...rpc, id: 1, method: "ping" },
    message({ id: 1, method: "ping", params: undefined }),
  ],
  "one with members that nobody knows": [
    { ...rpc, id: "a", method: "ping", params: { x: 1 }, more: 2 },
    message({ id: "a", method: "ping", params: { x: 1 } }),
  ],
  "null for what is absent": [
    { ...rpc, id: 1, method: "x", params: { a: null, b: 1, _meta: { c: null, d: 2 } } },
    message({ id: 1, method: "x", params: { b: 1, _meta: { d: 2 } } }),
  ],
  "null for all parameters": [
    { ...rpc, id: 1, method: "x", params: null },
    message({ id: 1, method: "x", params: undefined }),
  ],
  "a notification": [{ ...rpc, method: "x" }, message({ method: "x", params: undefined })],
  "a task, which a call cannot be": [
    { ...rpc, id: 1, method: "tools/call", params: { name: "x", task: { ttl: 5 } } },
    message({ id: 1, method: "tools/call", params: { name: "x" } }),
  ],
  "a task of another method": [
    { ...rpc, id: 1, method: "x", params: { task: { ttl: 5 } } },
    message({ id: 1, method: "x", params: { task: { ttl: 5 } } }),
  ],
  "parameters that are a list": [
    { ...rpc, id: 1, method: "x", params: [] },
    refusal(1, unfit("x"), -32602),
  ],
  "a _meta that is none": [
    { ...rpc, id: "b", method: "x", params: { _meta: 7 } },
    refusal("b", unfit("x"), -32602),
  ],
  "a notification whose parameters are a list": [
    { ...rpc, method: "x", params: [] },
    { kind: "odd", reason: `x: ${unfit("x")}` },
  ],
  "an initialize that does not fit": [
    { ...rpc, id: 1, method: "initialize", params: { protocolVersion: 7, capabilities: 8 } },
    refusal(
      1,
      "initialize: params.protocolVersion, params.capabilities does not match the specification",
      -32602,
    ),
  ],
  "an answer": [{ ...rpc, id: 1, result: { a: 1 } }, message({ id: 1, result: { a: 1 } })],
  "an answer with null for what is absent": [
    {
      ...rpc,
      id: 1,
      result: { a: null, action: "accept", content: { b: null, c: 1 } },
      error: null,
    },
    message({ id: 1, result: { action: "accept", content: { c: 1 } } }),
  ],
  "a method of null": [{ ...rpc, id: 1, method: null, result: {} }, message({ id: 1, result: {} })],
  "an error": [
    { ...rpc, id: 1, result: null, error: { code: 5, message: "x" } },
    message({ id: 1, error: { code: 5, message: "x" } }),
  ],
  "an answer that is text": [
    { ...rpc, id: 1, result: "yes" },
    message({ id: 1, error: malformed }),
  ],
  "an error that is text": [{ ...rpc, id: 1, error: "no" }, message({ id: 1, error: malformed })],
  "an answer of null": [{ ...rpc, id: 1, result: null }, message({ id: 1, error: malformed })],
  "an answer to nobody": [
    { ...rpc, id: null, result: {} },
    { kind: "odd", reason: "An answer without a usable id" },
  ],
  "neither an answer nor an error": [{ ...rpc, id: 1 }, refusal(1)],
  "an answer of another version": [{ jsonrpc: "1.0", id: 1, result: "x" }, refusal(1)],
  "a request of another version": [{ jsonrpc: "1.0", id: 1, method: "x" }, refusal(1)],
  "a request without a version": [{ id: "a", method: "x" }, refusal("a")],
  "an id that is no integer": [{ ...rpc, id: 1.5, method: "x" }, refusal(null)],
  "an id that is an object": [{ ...rpc, id: {}, method: "x" }, refusal(null)],
  "an id of null": [{ ...rpc, id: null, method: "x" }, refusal(null)],
  "a method that is a number": [{ ...rpc, id: 3, method: 7 }, refusal(3)],
  "a text": ["x", refusal(null)],
  "nothing": [null, refusal(null)],
  "a batch": [
    [{ ...rpc, id: 1, method: "ping" }],
    refusal(null, "Batches are not part of MCP: send one message per line"),
  ],
  "the deepest message": [
    { ...rpc, id: 1, method: "x", params: nested(98) },
    message({ id: 1, method: "x", params: nested(98) }),
  ],
  "a deeper one": [
    { ...rpc, id: 1, method: "x", params: nested(99) },
    refusal(1, "Nested more than 100 deep"),
  ],
};

Deno.test("readMessage() takes messages as clients send them, and refuses the rest by its code and id", async (t) => {
  for (const [name, [json, read]] of Object.entries(rows)) {
    await t.step(name, () => assertEquals<unknown>(readMessage(json), read));
  }
});

Deno.test("readResult() keeps the content of an accepted form only", () => {
  const content = { confirm: true, note: null };
  const rows: readonly (readonly [given: Readonly<Record<string, unknown>>, read: unknown])[] = [
    [{ action: "accept", content }, { action: "accept", content: { confirm: true } }],
    [{ content }, { content: { confirm: true } }],
    [{ action: "decline", content }, { action: "decline" }],
    [{ action: "cancel", content: "x" }, { action: "cancel" }],
    [{ action: null, content: "x", _meta: null }, { content: "x" }],
    [{ action: "accept", content: null }, { action: "accept" }],
  ];
  for (const [given, read] of rows) assertEquals<unknown>(readResult(given), read);
});

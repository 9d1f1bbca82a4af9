import { assert, assertEquals } from "@std/assert";
import { serverInfo } from "../../../server/info.ts";
import { stampError, stampResult } from "../../../server/modern/stamp.ts";
import { RpcError } from "../../../server/rpc_error.ts";

const key = "io.modelcontextprotocol/serverInfo";
const sender = { name: "containarium", title: "Containarium", version: serverInfo.version };

Deno.test("stampResult() adds who answered, that it is complete, and how long it may be kept", () => {
  assertEquals(stampResult({}, { a: 1 }), {
    resultType: "complete",
    a: 1,
    _meta: { [key]: sender },
  });
  assertEquals(stampResult({ cacheMs: 5 }, { a: 1 }), {
    resultType: "complete",
    a: 1,
    ttlMs: 5,
    cacheScope: "private",
    _meta: { [key]: sender },
  });
  assertEquals(stampResult({ cacheMs: 0 }, {}).ttlMs, 0);
});

Deno.test("stampResult() keeps what a result says of itself, and lets no question be kept", () => {
  const result = { resultType: "input_required", _meta: { a: 1, [key]: "mine" } };
  assertEquals(stampResult({ cacheMs: 5 }, result, { b: 2 }), {
    resultType: "input_required",
    _meta: { [key]: "mine", a: 1, b: 2 },
  });
});

Deno.test("stampError() gives a missing resource the code of 2026-07-28, and changes nothing else", () => {
  const stamped = stampError(new RpcError(-32002, "There is none", { uri: "x:y" }));
  assert(stamped instanceof RpcError);
  assertEquals(
    [stamped.code, stamped.message, stamped.data],
    [-32602, "There is none", { uri: "x:y" }],
  );
  for (const error of [new RpcError(-32603, "x"), new TypeError("x"), "text"]) {
    assert(stampError(error) === error);
  }
});

import { assertEquals, assertThrows } from "@std/assert";
import { readEnvelope, withoutEnvelope } from "../../../server/modern/envelope.ts";
import { RpcError } from "../../../server/rpc_error.ts";

const key = (name: string) => `io.modelcontextprotocol/${name}`;
const whole = { [key("protocolVersion")]: "2026-07-28", [key("clientCapabilities")]: {} };

Deno.test("readEnvelope() takes what marks a request of 2026-07-28, and nothing else for it", () => {
  for (const meta of [undefined, {}, { progressToken: 1 }, { [key("clientInfo")]: {} }]) {
    assertEquals(readEnvelope(meta), undefined);
  }
  assertEquals(readEnvelope(whole), {
    capabilities: {},
    clientInfo: {},
    asksByForm: false,
    logLevel: undefined,
  });
  const capabilities = { elicitation: { form: {} }, roots: {} };
  const clientInfo = { name: "tests", version: "1" };
  assertEquals(
    readEnvelope({
      ...whole,
      [key("clientCapabilities")]: capabilities,
      [key("clientInfo")]: clientInfo,
      [key("logLevel")]: "notice",
    }),
    { capabilities, clientInfo, asksByForm: true, logLevel: "notice" },
  );
  assertEquals(readEnvelope({ ...whole, [key("clientInfo")]: "tests" })?.clientInfo, {});
});

Deno.test("readEnvelope() counts forms as declared by themselves, or by an empty elicitation", () => {
  const rows: readonly (readonly [elicitation: unknown, asks: boolean])[] = [
    [{}, true],
    [{ form: {} }, true],
    [{ form: {}, url: {} }, true],
    [{ url: {} }, false],
    [{ form: true }, false],
    [undefined, false],
    [true, false],
    [[], false],
  ];
  for (const [elicitation, asks] of rows) {
    const envelope = readEnvelope({ ...whole, [key("clientCapabilities")]: { elicitation } });
    assertEquals(envelope?.asksByForm, asks, JSON.stringify(elicitation));
  }
});

Deno.test("readEnvelope() refuses an envelope that is not whole, and names the part", () => {
  const levels = "debug | info | notice | warning | error | critical | alert | emergency";
  const rows: readonly (readonly [meta: Readonly<Record<string, unknown>>, message: string])[] = [
    [
      { [key("clientCapabilities")]: {} },
      `_meta: expected ${key("protocolVersion")} to be text`,
    ],
    [
      { [key("protocolVersion")]: "2026-07-28" },
      `_meta: expected ${key("clientCapabilities")} to be an object`,
    ],
    [
      { ...whole, [key("clientCapabilities")]: [] },
      `_meta: expected ${key("clientCapabilities")} to be an object`,
    ],
    [
      { ...whole, [key("logLevel")]: "loud" },
      `_meta: expected ${key("logLevel")} to be ${levels}`,
    ],
  ];
  for (const [meta, message] of rows) {
    const error = assertThrows(() => readEnvelope(meta), RpcError);
    assertEquals([error.code, error.message], [-32602, message]);
  }
  const other = { ...whole, [key("protocolVersion")]: "x".repeat(101) };
  const error = assertThrows(() => readEnvelope(other), RpcError);
  assertEquals([error.code, error.message, error.data], [
    -32022,
    "Unsupported protocol version",
    { supported: ["2026-07-28"], requested: "x".repeat(100) },
  ]);
});

Deno.test("withoutEnvelope() says what the request lacks", () => {
  const { code, message } = withoutEnvelope("server/discover");
  assertEquals([code, message], [
    -32602,
    `server/discover: expected _meta with ${key("protocolVersion")}`,
  ]);
});

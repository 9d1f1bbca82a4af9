/**
 * Under Deno the SDK's types are `any` unless each import says where they are. When they become
 * `any` again the mistakes below are no longer found, and `deno check` fails.
 */
import { assert, assertEquals } from "@std/assert";
// @ts-types="@modelcontextprotocol/sdk/shared/protocol"
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
// @ts-types="@modelcontextprotocol/sdk/shared/transport"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  LATEST_PROTOCOL_VERSION,
  type Result,
} from "@modelcontextprotocol/sdk/types.js";
import { readSources } from "./import_arrows.ts";

// A conditional type cannot tell: of an import that does not resolve it is `any` itself.
/** Never called: it is there to be type-checked. */
export function mistakes(): readonly unknown[] {
  // @ts-expect-error A request comes with a signal
  const extra: RequestHandlerExtra<never, never> = {};
  // @ts-expect-error A transport has methods
  const transport: Transport = 1;
  // @ts-expect-error A message is an object
  const message: JSONRPCMessage = 2;
  // @ts-expect-error A result is an object
  const result: Result = 3;
  // @ts-expect-error A version is a string
  const version: number = LATEST_PROTOCOL_VERSION;
  // @ts-expect-error A schema has no such method
  const schema: unknown = JSONRPCMessageSchema.guess;
  return [extra, transport, message, result, version, schema];
}

Deno.test("each import of the SDK in server/ says where its types are", async () => {
  const found: string[] = [];
  for (const [name, source] of await readSources(new URL("../", import.meta.url))) {
    if (!name.startsWith("server/")) continue;
    const imports = source.matchAll(
      /(.*)\nimport [^;]*? from "(@modelcontextprotocol\/sdk\/[^"]*)\.js";/g,
    );
    let count = 0;
    for (const [, before, module] of imports) {
      assertEquals(before, `// @ts-types="${module}"`, name);
      found.push(module ?? "");
      count++;
    }
    const mentioned = source.match(/"@modelcontextprotocol\/sdk[^"]*\.js"/g) ?? [];
    assertEquals(count, mentioned.length, `${name}: an import that this test does not understand`);
  }
  assert(found.includes("@modelcontextprotocol/sdk/shared/protocol"), found.join());
});

import { assertEquals } from "@std/assert";
import { repairInitialize } from "../../../server/stdio/initialize.ts";

const NEWEST = "2025-11-25";
const unknown = { name: "unknown", version: "unknown" };
const repaired = (params: unknown) => repairInitialize({ id: 1, method: "initialize", params });

Deno.test("repairInitialize() fills in what is left out, and leaves what is wrong to be refused", () => {
  const rows: readonly (readonly [params: unknown, read: unknown])[] = [
    [undefined, { protocolVersion: NEWEST, capabilities: {}, clientInfo: unknown }],
    ["text", { protocolVersion: NEWEST, capabilities: {}, clientInfo: unknown }],
    [{}, { protocolVersion: NEWEST, capabilities: {}, clientInfo: unknown }],
    [
      { protocolVersion: "2025-06-18", clientInfo: { name: "x", version: null, title: "X" } },
      {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "x", version: "unknown", title: "X" },
      },
    ],
    [
      { capabilities: { roots: null, elicitation: { form: {}, url: null }, experimental: 7 } },
      {
        protocolVersion: NEWEST,
        capabilities: { elicitation: { form: {} }, experimental: 7 },
        clientInfo: unknown,
      },
    ],
    [
      { capabilities: "none", clientInfo: "x", more: 1 },
      { protocolVersion: NEWEST, capabilities: "none", clientInfo: "x", more: 1 },
    ],
  ];
  for (const [params, read] of rows) {
    assertEquals(repaired(params), { id: 1, method: "initialize", params: read });
  }
  for (const other of [{ id: 1, method: "ping", params: {} }, "initialize", null]) {
    assertEquals(repairInitialize(other), other);
  }
});

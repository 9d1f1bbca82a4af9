/** How a user grants a missing permission. */
import { assertEquals } from "@std/assert";
import { howToGrant } from "../../../tools/advice/grants.ts";

Deno.test("howToGrant() names Deno's flag where Deno takes flags, and the build of a binary", () => {
  const file = { read: "/x/policy.json" };
  const host = { net: "box.example:443" };
  assertEquals(howToGrant("it", file, false), "start it with --allow-read=/x/policy.json");
  assertEquals(howToGrant("it", host, false), "start it with --allow-net=box.example:443");
  const record = { write: "/x/record.jsonl" };
  assertEquals(howToGrant("it", record, false), "start it with --allow-write=/x/record.jsonl");
  assertEquals(
    howToGrant("it", record, true),
    "build it again with make build-mcp MCP_WRITE=/x/record.jsonl",
  );
  const folder = { readAndWrite: "/x/results" };
  assertEquals(
    howToGrant("it", folder, false),
    "start it with --allow-read=/x/results --allow-write=/x/results",
  );
  assertEquals(
    howToGrant("it", folder, true),
    "build it again with make build-mcp MCP_READ=/x/results MCP_WRITE=/x/results",
  );
  assertEquals(
    howToGrant("it", file, true),
    "build it again with make build-mcp MCP_READ=/x/policy.json",
  );
  assertEquals(
    howToGrant("this server", host, true),
    "build this server again with make build-mcp MCP_HOST=box.example:443",
  );
});

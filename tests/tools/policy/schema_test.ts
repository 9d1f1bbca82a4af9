import { assertEquals } from "@std/assert";
import { configSchema } from "../../../scripts/config_schema.ts";

Deno.test("docs/config.schema.json is what policy files are checked with; make docs writes it", async () => {
  const path = new URL("../../../docs/config.schema.json", import.meta.url);
  assertEquals(await Deno.readTextFile(path), configSchema());
});

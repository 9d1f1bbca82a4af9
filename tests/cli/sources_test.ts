import { assertEquals } from "@std/assert";
import { Environment } from "../../cli/sources.ts";

Deno.test("a variable that may not be read counts as not set, and is named", {
  permissions: { env: ["CONTAINARIUM_SERVER_URL"] },
}, () => {
  const environment = new Environment((name) => Deno.env.get(name));
  environment.read("CONTAINARIUM_SERVER_URL");
  assertEquals(environment.deniedWarnings(), []);
  assertEquals(environment.read("CONTAINARIUM_MCP_READ_ONLY"), undefined);
  assertEquals(environment.read("HOME"), undefined);
  assertEquals(environment.deniedWarnings(), [
    "not granted by --allow-env, so they are ignored: CONTAINARIUM_MCP_READ_ONLY",
  ]);
});

/** Writes `docs/config.schema.json` when it is run. @module */
import { z } from "zod";
import { policyFile } from "../tools/policy/schema.ts";

/** The published schema. */
export function configSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(policyFile, {
    io: "input",
    unrepresentable: "any",
  });
  const whole = {
    $schema,
    title: "Policy of mcp-server for Containarium",
    description: "Templates and quotas: --config FILE or CONTAINARIUM_CONFIG",
    ...schema,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

if (import.meta.main) {
  const path = new URL("../docs/config.schema.json", import.meta.url);
  await Deno.writeTextFile(path, configSchema());
}

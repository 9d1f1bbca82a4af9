import { assertEquals, assertStringIncludes } from "@std/assert";
import { tools } from "../../mod.ts";
import { schemaFaults, toolFaults } from "./portable_schema.ts";

Deno.test("each tool can be loaded by every client that is known", async (t) => {
  for (const tool of tools) await t.step(tool.name, () => assertEquals(toolFaults(tool), []));
});

Deno.test("schemaFaults() finds what some client refuses in a schema of arguments", async (t) => {
  const cases: Readonly<Record<string, readonly [schema: object, fault: string]>> = {
    "a reference": [{ $ref: "#/$defs/a" }, "$ref"],
    "a choice of schemas": [{ type: "object", oneOf: [] }, "oneOf"],
    "a constant": [{ type: "string", const: "a" }, "const"],
    "no type": [{ description: "A" }, "the type is undefined"],
    "a list of types": [{ type: ["string", "null"] }, 'the type is ["string","null"]'],
    "a format": [{ type: "string", format: "uri" }, "the format uri"],
    "an enum of numbers": [{ type: "integer", enum: [1, 2] }, "an enum of more than texts"],
    "an enum with nothing": [{ type: "string", enum: ["a", ""] }, "an enum of more than texts"],
    "an exclusive bound": [{ type: "integer", exclusiveMinimum: 0 }, "exclusiveMinimum"],
    "a bound that unrolls": [{ type: "string", maxLength: 5_000 }, "maxLength 5000"],
    "a look-ahead": [{ type: "string", pattern: "^(?=a).*$" }, "the pattern ^(?=a).*$"],
    "a pattern that begins anywhere": [{ type: "string", pattern: "a$" }, "the pattern a$"],
    "a list of anything": [{ type: "array" }, "a list without items"],
    "a tuple": [{ type: "array", items: [{ type: "string" }] }, "a list without items"],
    "a wrong default": [{ type: "integer", default: "1" }, "a default that is no integer"],
    "a closed object": [{ type: "object", additionalProperties: false }, "additionalProperties"],
    "a map without an example": [
      { type: "object", description: "Settings", additionalProperties: { type: "string" } },
      "no example of a map",
    ],
    "a property that is not there": [{ type: "object", required: ["a"] }, "requires a"],
    "a property without a word": [
      { type: "object", properties: { a: { type: "string" } } },
      ".a: no",
    ],
    "a strange name": [
      { type: "object", properties: { "a b": { type: "object" } } },
      ".a b: no name",
    ],
    "an essay": [{ type: "string", description: "a".repeat(1_025) }, "no description of at most"],
    "a deep one": [nested(7), "nested 6 deep"],
  };
  for (const [name, [schema, fault]] of Object.entries(cases)) {
    await t.step(name, () => {
      assertStringIncludes(schemaFaults(schema, "input", "tool", 0).join("\n"), fault);
    });
  }
  await t.step("and nothing in what all accept", () => {
    const properties = {
      a: { type: "string", description: "A", enum: ["b"], default: "b" },
      b: {
        type: "object",
        description: 'B, e.g. {"a": "b"}',
        additionalProperties: { type: "string" },
      },
    };
    const schema = { type: "object", properties, required: ["a"] };
    assertEquals(schemaFaults(schema, "input", "tool", 0), []);
  });
});

Deno.test("toolFaults() finds names and tops that some client refuses", () => {
  const schema = { type: "object", properties: {} };
  const outputSchema = { ...schema, additionalProperties: false };
  const tool = { name: "a", description: "A.", inputSchema: schema, outputSchema };
  assertEquals(toolFaults(tool), []);
  for (const name of ["a.b", "1a", "", "a".repeat(46)]) {
    assertStringIncludes(toolFaults({ ...tool, name }).join(), "no name for every client");
  }
  assertStringIncludes(
    toolFaults({ ...tool, inputSchema: { type: "array", items: schema } }).join(),
    "the top is no object with properties",
  );
  const open = toolFaults({ ...tool, outputSchema: schema });
  assertEquals(open, ["a →: the top is open"]);
});

function nested(depth: number): object {
  const inner = depth === 0 ? { type: "string" } : nested(depth - 1);
  return { type: "object", description: "A", properties: { a: inner } };
}

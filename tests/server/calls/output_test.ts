/** What of a tool's answer its schema does not know, and which answers are none. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { z } from "zod";
import { conform, OutputError } from "../../../server/calls/output.ts";
import { makeTool, serveTools } from "../fixture.ts";

const schema = z.strictObject({
  count: z.int(),
  rows: z.array(z.strictObject({ name: z.string() })),
});

Deno.test("conform() leaves out what the schema does not know, with its path, and changes nothing", () => {
  const answer = { count: 1, rows: [{ name: "a" }, { name: "b", size: 2, age: 3 }], more: 4 };
  const { output, dropped } = conform(schema, answer);
  assertEquals<unknown>(output, { count: 1, rows: [{ name: "a" }, { name: "b" }] });
  assertEquals(dropped.toSorted(), ["more", "rows.1.age", "rows.1.size"]);
  assertEquals(answer.more, 4);
});

Deno.test("conform() refuses what is missing or of another type, naming each place", () => {
  const answer = { rows: [{ name: 7 }], more: 4 };
  const { name, message } = assertThrows(() => conform(schema, answer), OutputError);
  assertEquals(name, "OutputError");
  const faults = /^the answer does not fit its schema \(count: .+; rows\.0\.name: .+\)$/;
  assertEquals(faults.test(message), true, message);
});

Deno.test("a tool that answers more than it declares is logged, with what was left out", async () => {
  const logged: string[] = [];
  const tool = makeTool({
    run: () => Promise.resolve({ word: "w", items: [], size: 1, age: 2 }),
  });
  await using server = serveTools([tool], {}, (level, line) => logged.push(`${level}: ${line}`));
  await server.initialize();
  const { result } = await server.request("tools/call", { name: "say_word" });
  assertEquals<unknown>(result?.structuredContent, { word: "w", items: [] });
  assertStringIncludes(
    logged.join("\n"),
    "warning: say_word answered more than it declares: size, age",
  );
});

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { keepPolicy } from "../../../tools/policy/mod.ts";

const text = (cpu: string) => `{"templates": {"web": {"cpu": "${cpu}"}}}`;

Deno.test("keepPolicy() applies a changed policy at once; an invalid one keeps the old, with one warning", async () => {
  let now = text("1");
  const lines: string[] = [];
  const policy = await keepPolicy(
    { label: "--config p.json", read: () => Promise.resolve(now) },
    (level, line) => void lines.push(`${level} ${line}`),
  );
  const cpu = async () => (await policy()).templates.get("web")?.fields.cpu;
  assertEquals(await cpu(), "1");
  now = text("2");
  assertEquals(await cpu(), "2");
  assertEquals(lines, ["info --config p.json: reloaded, since it has changed"]);
  now = text("lots");
  assertEquals([await cpu(), await cpu()], ["2", "2"]);
  assertEquals(lines.length, 2);
  assertStringIncludes(lines[1] ?? "", "stays in effect: line 1, templates.web.cpu: expected");
  now = text("3");
  assertEquals(await cpu(), "3");
});

Deno.test("keepPolicy() keeps a policy whose file is gone", async () => {
  let isGone = false;
  const lines: string[] = [];
  const read = () =>
    isGone ? Promise.reject(new Error("no such file")) : Promise.resolve(text("1"));
  const policy = await keepPolicy(
    { label: "p", read },
    (level, line) => void lines.push(`${level} ${line}`),
  );
  isGone = true;
  assertEquals((await policy()).templates.size, 1);
  assertEquals(lines, ["warning p: the previous version stays in effect: no such file"]);
});

Deno.test("keepPolicy() refuses an invalid policy at the start", async () => {
  const error = await assertRejects(
    () => keepPolicy({ label: "p", read: () => Promise.resolve("{") }, () => {}),
    ContainariumError,
  );
  assertEquals(error.code, "invalid_argument");
});

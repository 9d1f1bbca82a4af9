import { assertEquals } from "@std/assert";
import { makeTempFolder } from "./temp.ts";

const starting: Readonly<Record<string, string>> = {
  "a program": `await new Deno.Command("sh", { args: ["-c", ""] }).output();`,
  "a program, by way of Node.js":
    `const { default: processes } = await import("node:child_process");
     await new Promise((ended) => processes.spawn("sh", ["-c", ""]).on("close", ended));`,
  "a Deno that may start others":
    `await new Deno.Command(Deno.execPath(), { args: ["run", "-A", "data:,"] }).output();`,
  "a Deno that may not":
    `await new Deno.Command(Deno.execPath(), { args: ["run", "data:,"] }).output();`,
  "nothing": "",
};

Deno.test("started_programs.ts notes for each test file what it starts", async () => {
  await using folder = await makeTempFolder();
  const files = new Map<string, string>();
  for (const [at, [name, code]] of Object.entries(starting).entries()) {
    const test = `Deno.test("starts", async () => { ${code} });`;
    files.set(name, await folder.write(`${at}_test.js`, test));
  }
  const STARTED = await folder.write("started", "");
  const preload = `--preload=${new URL("started_programs.ts", import.meta.url).pathname}`;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-config", "--parallel", preload, ...files.values()],
    env: { STARTED, NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stdout));
  const lines = (await Deno.readTextFile(STARTED)).trim().split("\n").sort();
  const expected = [
    ["a program", "sh"],
    ["a program, by way of Node.js", "sh"],
    ["a Deno that may start others", Deno.execPath()],
  ].map(([name = "", program]) => `file://${files.get(name)}\t${program}`);
  assertEquals(lines, expected);
});

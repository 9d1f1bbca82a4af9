import { assertEquals } from "@std/assert";
import type { CoveringFile } from "../../../scripts/mutate/coverage.ts";
import { needsOwnProcess, tryAlone } from "../../../scripts/mutate/single_trials.ts";
import type { Standing } from "../../../scripts/mutate/verdicts.ts";
import { makeTempFolder } from "../../temp.ts";

const mutant = {
  id: 7,
  key: "7",
  file: "server/a.ts",
  line: 3,
  operator: "BooleanLiteral",
  original: "true",
  mutation: "false",
};

/** What `active` is in them is the mutant that their process has. */
const testFiles: Readonly<Record<string, string>> = {
  "fine_test.ts": `if (active > 9) throw new Error("never");`,
  "finding_test.ts": `if (active === 7) throw new Error("found");`,
  "broken_test.ts": `throw new Error("always");`,
};

Deno.test("tryAlone() takes for found what fails with the mutant, and not what fails without it, too", async (t) => {
  await using copy = await makeTempFolder();
  await Deno.mkdir(`${copy.path}/scripts/mutate`, { recursive: true });
  await copy.write("deno.json", `{ "permissions": { "test": {} } }`);
  for (const [file, code] of Object.entries(testFiles)) {
    const source = `import { activeFromStart as active } from "./scripts/mutate/active_mutant.ts";`;
    await copy.write(file, `${source}\nDeno.test("a test", () => { ${code} });`);
  }
  const cases = {
    "fine_test.ts": "survived",
    "finding_test.ts": "killed",
    "broken_test.ts": "survived",
  };
  for (const [file, verdict] of Object.entries(cases)) {
    await t.step(file, async () => {
      const standing: Standing = { mutant, verdict: "survived", wasReached: false };
      const covering: CoveringFile = { file, isComplete: true, onLoad: new Set([7]), tests: [] };
      const setting = { imports: [], scratch: copy.path };
      await tryAlone(copy.path, standing, [covering], setting, new Set());
      assertEquals(standing.verdict, verdict);
    });
  }
});

Deno.test("tryAlone() tries what no test reaches by the tests that start processes", async () => {
  await using copy = await makeTempFolder();
  await Deno.mkdir(`${copy.path}/scripts/mutate`, { recursive: true });
  await copy.write("deno.json", `{ "permissions": { "test": {} } }`);
  const source = `import { activeFromStart as active } from "./scripts/mutate/active_mutant.ts";`;
  const code = `${source}\nDeno.test("a test", () => { ${testFiles["finding_test.ts"]} });`;
  await copy.write("starts_test.ts", code);
  const standing: Standing = { mutant, verdict: "uncovered", wasReached: false };
  const inProcesses = { files: ["server/a.ts"], tests: ["starts_test.ts"] };
  assertEquals(needsOwnProcess(standing, [], inProcesses), true);
  assertEquals(needsOwnProcess(standing, [], { ...inProcesses, files: ["server/b.ts"] }), false);
  await tryAlone(
    copy.path,
    standing,
    [],
    { imports: [], scratch: copy.path },
    new Set(),
    inProcesses,
  );
  assertEquals(standing.verdict, "killed");
});

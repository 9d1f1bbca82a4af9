import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { mutateFolder } from "../../../scripts/mutate/mutate_folder.ts";
import { importFlags } from "../../connect.ts";
import { makeTempFolder } from "../../temp.ts";

const folder = {
  path: "client/transport",
  tests: ["tests/client/transport/host_and_port_test.ts"],
};
const options = {
  sample: Infinity,
  seed: 1,
  only: "",
  jobs: 1,
  imports: importFlags,
  again: false,
};

Deno.test("mutateFolder() tells what a test finds from what it does not, or never reaches", async () => {
  await using scratch = await makeTempFolder();
  const foundFile = join(scratch.path, "found.json");
  const said: string[] = [];
  const say = (line: string) => Promise.resolve(void said.push(line));
  const all = { ...options, foundFile, say };
  const { standings } = await mutateFolder(folder, { ...all, only: "host_and_port.ts" });
  assert(standings.some(({ verdict }) => verdict === "killed"));
  said.length = 0;
  const { of, standings: sampled } = await mutateFolder(folder, {
    ...all,
    only: "trace_context.ts",
    sample: 2,
  });
  assertEquals(sampled.map(({ verdict }) => verdict), ["uncovered", "uncovered"]);
  assertEquals(said.filter((line) => line.includes("no test gets there")).length, 2);
  assert(of > 2);
});

Deno.test("mutateFolder() tries again only what was not found before", async () => {
  await using scratch = await makeTempFolder();
  const foundFile = join(scratch.path, "found.json");
  const said: string[] = [];
  const say = (line: string) => Promise.resolve(void said.push(line));
  const all = { ...options, foundFile, say, only: "host_and_port.ts" };
  const first = await mutateFolder(folder, all);
  const found = first.standings.filter(({ verdict }) => verdict === "killed").length;
  said.length = 0;
  const none = { ...folder, tests: [] };
  const second = await mutateFolder(none, { ...all, again: true });
  assertEquals(second.standings.filter(({ verdict }) => verdict === "killed").length, found);
  assert(said.some((line) => line.includes(`${found} mutants found before`)), said.join("\n"));
  const third = await mutateFolder(none, all);
  assertEquals(third.standings.filter(({ verdict }) => verdict === "killed").length, 0);
});

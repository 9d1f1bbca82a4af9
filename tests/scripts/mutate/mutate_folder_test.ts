import { assert, assertEquals } from "@std/assert";
import { mutateFolder } from "../../../scripts/mutate/mutate_folder.ts";
import { importFlags } from "../../connect.ts";

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
  say: () => Promise.resolve(),
};

Deno.test("mutateFolder() tells what a test finds from what it does not, or never reaches", async () => {
  const { standings } = await mutateFolder(folder, { ...options, only: "host_and_port.ts" });
  assert(standings.some(({ verdict }) => verdict === "killed"));
  const { of, standings: sampled } = await mutateFolder(folder, {
    ...options,
    only: "trace_context.ts",
    sample: 2,
  });
  assertEquals(sampled.map(({ verdict }) => verdict), ["uncovered", "uncovered"]);
  assert(of > 2);
});

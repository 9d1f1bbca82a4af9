/** Run before tests of a soak: their properties are drawn from SOAK_SEED, and what they try is counted. */
import fc from "fast-check";
import { countInputs } from "./inputs.ts";

fc.configureGlobal({
  seed: Number(Deno.env.get("SOAK_SEED")),
  reporter: (details) => {
    countInputs(details.numRuns);
    if (details.failed) throw new Error(fc.defaultReportMessage(details));
  },
});

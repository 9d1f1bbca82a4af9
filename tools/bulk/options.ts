import { z } from "zod";

/** The arguments that say how a call for several containers is carried out. */
export const options = {
  "dry_run": z.boolean().default(false).describe("Only show the plan"),
  "wait_seconds": z.int().default(25)
    .refine((seconds) => seconds >= 0 && seconds <= 3_600, "expected 0 to 3600 seconds")
    .describe("Answer after so long"),
};

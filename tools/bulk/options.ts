import { z } from "zod";
import { waitSeconds } from "../containers/limits.ts";

/** The arguments that say how a call for several containers is carried out. */
export const options = {
  "dry_run": z.boolean().default(false).describe("Only show what would happen"),
  "wait_seconds": waitSeconds.describe("Answer after so long"),
};

/** Why something does not work with a client, for `docs/interop.md`. @module */
import type { Notes } from "./page.ts";

/** By client and feature; where there is none, the table has what the driver said. */
export const notes: Notes = {
  "mcp-use": {
    declarations:
      "what it shows a model lacks the values of enums, the values of maps and the items of lists; calls work.",
  },
};

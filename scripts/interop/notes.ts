/** Why something does not work with a client, for `docs/interop.md`. @module */
import type { Notes } from "./page.ts";

/** By client and feature; where there is none, the table has what the driver said. */
export const notes: Notes = {
  "mcp-use": {
    declarations:
      "what it declares to a model lacks the values of enums, what belongs into a map, and what the items of a list are; calls work.",
  },
};

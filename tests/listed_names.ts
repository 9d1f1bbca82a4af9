import { entries, listedWith } from "../tools/mod.ts";

/** Names of the tools that are listed where every toolset is on, and no policy adds any. */
export const listedNames: readonly string[] = listedWith(entries, []).map(({ name }) => name);

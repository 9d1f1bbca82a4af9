import { type Flags, settingFlags } from "../command_line.ts";

/** Flags of `audit`. */
export const auditFlags: Flags = {
  since: { value: "WHEN", help: "From then on: 24h, or 2026-11-26, or 2026-11-26T08:00:00Z" },
  until: { value: "WHEN", help: "Until then" },
  tool: { value: "a,b", help: "Only these tools" },
  username: { value: "a,b", help: "Only calls about these usernames" },
  outcome: { value: "a,b", help: "Only what ended so: ok, failed, refused, … or unfinished" },
  client: { value: "NAME", help: "Only calls of clients whose name contains this" },
  conversation: { value: "ID", help: "Only this conversation, by the start of its id" },
  follow: { help: "Go on with what is added, until Ctrl-C" },
  json: { help: "Print one JSON object a line for each call" },
  ...Object.fromEntries(
    Object.entries(settingFlags).filter(([name]) => ["audit", "env-file"].includes(name)),
  ),
};

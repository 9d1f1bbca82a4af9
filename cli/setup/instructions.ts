import type { Client, Server } from "./mcp_client.ts";
import { putAll } from "./edit.ts";
import { commandLine, type Folders, systemNames } from "./client_system.ts";

/** What is said to the user besides what the client needs. */
export interface Remarks {
  /** Where the token comes from. */
  readonly token: string;
  /** Further sentences. */
  readonly notes: readonly string[];
  /** Command line that writes the file. Absent if there is none. */
  readonly writing?: string | undefined;
}

/** Returns what to paste, run or open so that a client starts the server. */
export async function instructions(
  client: Client,
  server: Server,
  folders: Folders,
  { token, notes, writing }: Remarks,
): Promise<string> {
  const { title, language, file, place, longCalls, then, token: way } = client;
  const ofToken = server.isTokenPassed ? way?.unverified : undefined;
  const unverified = [...client.unverified, ...(ofToken === undefined ? [] : [ofToken])];
  const path = file?.(folders);
  const where = path === undefined
    ? `Paste this at ${place}:`
    : `Put this into ${path}${place === undefined ? "" : ` (${place})`}, beside what is there:`;
  const text = await putAll("", language, client.values(server), title);
  const command = client.addCommand?.(server);
  const link = client.link?.(server);
  return [
    `${title} on ${systemNames[folders.system]}`,
    where,
    text.trimEnd(),
    ...(writing === undefined
      ? []
      : ["Or have it written there, with a copy of the old file:", indented(writing)]),
    ...(command === undefined
      ? []
      : ["Or let the client do it:", indented(commandLine(command, folders.system))]),
    ...(link === undefined ? [] : ["Or open this link:", indented(link)]),
    `Token: ${token}`,
    `Long calls: ${longCalls}`,
    ...notes.map((note) => `Note: ${note}`),
    `Then: ${then}`,
    ...(unverified.length === 0 ? [] : [
      `Unverified (not seen in the client's own documentation or code): ${unverified.join("; ")}.`,
    ]),
  ].join("\n\n") + "\n";
}

function indented(text: string): string {
  return text.split("\n").map((line) => `  ${line}`).join("\n");
}

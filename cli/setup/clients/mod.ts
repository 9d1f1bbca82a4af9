import { nearest } from "../../../client/internal.ts";
import { expected } from "../../choices.ts";
import { UsageError } from "../../usage_error.ts";
import type { Client } from "../mcp_client.ts";
import { claudeCode, claudeDesktop } from "./claude.ts";
import { cursor, jetbrains, kiro, vscode, windsurf, zed } from "./editors.ts";
import { clineClient, continueClient, goose, lmStudio } from "./assistants.ts";
import { antigravity, codex, copilotCli, gemini, opencode } from "./command_line_clients.ts";

/** The clients, in the order in which they are listed. */
export const clients: readonly Client[] = [
  claudeDesktop,
  claudeCode,
  cursor,
  vscode,
  windsurf,
  zed,
  codex,
  gemini,
  antigravity,
  clineClient,
  continueClient,
  jetbrains,
  goose,
  lmStudio,
  kiro,
  opencode,
  copilotCli,
];

/**
 * Returns the client that a word means, in any case and with or without hyphens.
 *
 * @throws {UsageError} If there is none; suggests the nearest
 */
export function chooseClient(word: string): Client {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const found = clients.find(({ id, title, aliases = [] }) =>
    [id, title, ...aliases].some((name) => plain(name) === plain(word))
  );
  if (found !== undefined) return found;
  const ids = clients.map(({ id }) => id);
  // Of a few long names, three edits still mean one: clod-code.
  throw new UsageError(`Unknown client ${word}; ${expected(nearest(word, ids, 3) ?? word, ids)}`);
}

/**
 * Other accepted spellings of an argument, besides those that its schema lists.
 *
 * @module
 */
import { SchemaNotes } from "./schema_notes.ts";

/** Returns the schema's own spelling of a text; `undefined` for an unknown spelling. */
export type Spelling = (text: string) => string | undefined;

/** Schemas that accept other spellings. */
export const spellings: SchemaNotes<Spelling> = new SchemaNotes();

/** Reads spellings from a table, in any case. */
export function spelled(words: Readonly<Record<string, string>>): Spelling {
  const table = new Map(Object.entries(words));
  return (text) => table.get(text.trim().toLowerCase());
}

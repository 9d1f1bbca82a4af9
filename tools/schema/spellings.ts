/**
 * Other accepted spellings of an argument, besides those that its schema lists.
 *
 * @module
 */
import { SchemaNotes } from "./schema_notes.ts";

/** Returns the schema's own spelling of a text, or nothing where it has no other. */
export type Spelling = (text: string) => string | undefined;

/** The schemas that take other spellings. */
export const spellings: SchemaNotes<Spelling> = new SchemaNotes();

/** Spellings from a table, whatever their case. */
export function spelled(words: Readonly<Record<string, string>>): Spelling {
  const table = new Map(Object.entries(words));
  return (text) => table.get(text.trim().toLowerCase());
}

/**
 * Texts that are quantities: a fraction among them may be written as a number.
 *
 * @module
 */
import { SchemaNotes } from "./schema_notes.ts";

/** The schemas whose text is a quantity: of 0.50, 0.5 loses nothing; of a version 1.10, 1.1 does. */
export const quantities: SchemaNotes<true> = new SchemaNotes();

/**
 * Text arguments that are quantities, which may also be passed as numbers.
 *
 * @module
 */
import { SchemaNotes } from "./schema_notes.ts";

/** Schemas of quantities: the number 0.5 for "0.50" loses nothing, unlike 1.1 for the version "1.10". */
export const quantities: SchemaNotes<true> = new SchemaNotes();

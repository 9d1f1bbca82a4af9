/**
 * Usernames of containers to create, which do not exist yet.
 *
 * @module
 */
import { SchemaNotes } from "./schema_notes.ts";

/** Schemas of such usernames, and of lists of them. */
export const newUsernames: SchemaNotes<true> = new SchemaNotes();

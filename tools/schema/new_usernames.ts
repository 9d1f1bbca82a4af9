/**
 * Usernames that a container is to be created for: they name none that is there.
 *
 * @module
 */
import { SchemaNotes } from "./schema_notes.ts";

/** The schemas of such usernames and of lists of them. */
export const newUsernames: SchemaNotes<true> = new SchemaNotes();

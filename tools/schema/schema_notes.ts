import type { z } from "zod";

/**
 * Notes on schemas besides what they list. A note also applies to schemas derived from its schema by
 * `describe`, `meta` and checks.
 */
export class SchemaNotes<Note> {
  readonly #notes = new WeakMap<z.core.$ZodType, Note>();

  /** Adds a note and returns the schema. */
  add<Schema extends z.core.$ZodType>(schema: Schema, note: Note): Schema {
    this.#notes.set(schema, note);
    return schema;
  }

  /** Returns the note on a schema, or on the one that it is derived from. */
  get(schema: z.core.$ZodType): Note | undefined {
    const note = this.#notes.get(schema);
    const { parent } = schema._zod;
    return note !== undefined || parent === undefined ? note : this.get(parent);
  }
}

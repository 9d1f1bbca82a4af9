import { z } from "zod";
import { SchemaNotes } from "../schema/schema_notes.ts";

const freeTexts = new SchemaNotes<true>();

/**
 * Declares a field of a result that holds lines of text from outside: command output, a screen, a log
 * message. The tool fences it. In all other fields the server makes line ends and tabs visible.
 *
 * @param description Description of the field; identifies it as data, and says from where
 */
export function freeText(description: string): z.ZodString {
  return freeTexts.add(z.string().describe(description), true);
}

/** Whether a schema was made by {@linkcode freeText}. */
export function isFreeText(schema: z.core.$ZodType): boolean {
  return freeTexts.get(schema) === true;
}

import { z } from "zod";
import { SchemaNotes } from "../schema/schema_notes.ts";

const freeTexts = new SchemaNotes<true>();

/**
 * A field of an output that holds text from outside in lines: command output, a screen, a log message.
 * The tool fences it. In every other field the server makes line ends and tabs visible.
 *
 * @param description What it is; says that it is data from the container
 */
export function freeText(description: string): z.ZodString {
  return freeTexts.add(z.string().describe(description), true);
}

/** Whether a schema is of {@linkcode freeText}. */
export function isFreeText(schema: z.core.$ZodType): boolean {
  return freeTexts.get(schema) === true;
}

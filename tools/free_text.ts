import { z } from "zod";

/**
 * A field of an output that holds text from outside in lines: command output, a screen, a log message.
 * It is fenced by the tool. In every other field a line end or tab is made visible by the server.
 *
 * @param description What it is; the words "data from the container" are part of it
 */
export function freeText(description: string): z.ZodString {
  return z.string().meta({ description, isFreeText: true });
}

/** Whether a schema is of {@linkcode freeText}. */
export function isFreeText(schema: z.core.$ZodType): boolean {
  return z.globalRegistry.get(schema)?.isFreeText === true;
}

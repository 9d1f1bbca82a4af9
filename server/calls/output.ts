import type { z } from "zod";

/** A tool's answer as its schema has it. */
export interface Conforming {
  /** The answer. */
  readonly output: Record<string, unknown>;
  /** The paths of what the schema does not know, which was left out. */
  readonly dropped: readonly string[];
}

/** An answer that its own schema does not take: a defect of the tool. */
export class OutputError extends Error {
  /** Always `"OutputError"`. */
  override readonly name = "OutputError";
}

/**
 * Brings a tool's answer to its schema: what the schema does not know is left out, since clients
 * refuse an answer with more in it.
 *
 * @throws {OutputError} When something is missing or of another type
 */
export function conform(schema: z.ZodObject, answer: unknown): Conforming {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return { output: parsed.data, dropped: [] };
  const copy: unknown = structuredClone(answer);
  const dropped = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => drop(copy, issue.path, key)) : []
  );
  const again = schema.safeParse(copy);
  if (again.success) return { output: again.data, dropped };
  const faults = again.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new OutputError(`the answer does not fit its schema (${faults.join("; ")})`);
}

function drop(root: unknown, path: readonly PropertyKey[], key: string): string {
  let place: unknown = root;
  for (const step of path) place = isObject(place) ? Reflect.get(place, step) : undefined;
  if (isObject(place)) Reflect.deleteProperty(place, key);
  return [...path, key].join(".");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Numbers that a contributor sets. @module */

/** Returns the whole number in a variable; `otherwise` if it is not set or empty. Throws if it is none. */
export function numberFrom(variable: string, otherwise: number): number {
  const text = Deno.env.get(variable) ?? "";
  if (text === "") return otherwise;
  if (!/^\d+$/.test(text)) throw new Error(`Cannot read ${variable}: "${text}" is no whole number`);
  return Number(text);
}

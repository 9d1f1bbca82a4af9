/**
 * Quotes text as one word of a shell command.
 *
 * @throws {RangeError} For a NUL, which an argument cannot hold
 */
export function quote(text: string): string {
  if (text.includes("\0")) throw new RangeError("An argument cannot hold a NUL");
  return `'${text.replaceAll("'", "'\\''")}'`;
}

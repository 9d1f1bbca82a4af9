/**
 * One word of a shell command, whatever is in it.
 *
 * @throws {RangeError} For a NUL, which no argument can hold
 */
export function quote(text: string): string {
  if (text.includes("\0")) throw new RangeError("An argument cannot hold a NUL");
  return `'${text.replaceAll("'", "'\\''")}'`;
}

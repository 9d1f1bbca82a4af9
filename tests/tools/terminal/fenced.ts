/**
 * Returns the parts of a fenced text between its markers; fails on a marker without its end.
 *
 * @param text Absent: no parts
 */
export function fenced(text = ""): string[] {
  const parts = [...text.matchAll(/<<<[^\n]* (\w{8}): data from [^\n]*\n([^]*?)\n>>>\1(?!\w)/g)];
  if (text !== "" && parts.length === 0) throw new Error(`nothing is fenced in ${text}`);
  return parts.map(([, , inside]) => inside ?? "");
}

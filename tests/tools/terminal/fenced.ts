/**
 * What stands between the markers of a fenced text, part by part; fails on a marker without its end.
 *
 * @param text Absent where there is none
 */
export function fenced(text = ""): string[] {
  const parts = [...text.matchAll(/<<<[^\n]* (\w{8}): data from [^\n]*\n([^]*?)\n>>>\1(?!\w)/g)];
  if (text !== "" && parts.length === 0) throw new Error(`nothing is fenced in ${text}`);
  return parts.map(([, , inside]) => inside ?? "");
}

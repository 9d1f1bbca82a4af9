/**
 * Reads a text file. A byte order mark, which editors and shells on Windows write, is no part of the text
 * and says whether it is in UTF-8 or in UTF-16.
 *
 * @throws Whatever `Deno.readFile` throws
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}

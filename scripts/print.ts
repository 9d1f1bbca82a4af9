/** What programs print. @module */

/** Where to. */
export interface Output {
  /** Takes some of the bytes; returns how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** Prints a line, or several, in full: a pipe may take only a part of a long text at a time. */
export async function print(text: string, to: Output = Deno.stdout): Promise<void> {
  for (let rest = new TextEncoder().encode(`${text}\n`); rest.length > 0;) {
    rest = rest.subarray(await to.write(rest));
  }
}

/** A folder of a test's own, removed at its end, however that comes. */
export interface TempFolder extends AsyncDisposable {
  /** Where it is. */
  readonly path: string;
  /** Writes a file in it; returns the file's path. */
  write(name: string, text: string, options?: Deno.WriteFileOptions): Promise<string>;
}

/** Makes one. */
export async function makeTempFolder(): Promise<TempFolder> {
  // On macOS the temporary folder is reached by a link, which a grant of its path does not cover.
  const path = await Deno.realPath(await Deno.makeTempDir());
  return {
    path,
    write: async (name, text, options) => {
      await Deno.writeTextFile(`${path}/${name}`, text, options);
      return `${path}/${name}`;
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

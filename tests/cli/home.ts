/** A home folder with credentials in it, removed at the end. */
export interface Home extends AsyncDisposable {
  /** Where it is. */
  readonly path: string;
}

/** Makes one; text is written as it is. */
export async function makeHome(credentials: unknown): Promise<Home> {
  const path = await Deno.makeTempDir();
  await Deno.mkdir(`${path}/.containarium`);
  await Deno.writeTextFile(
    `${path}/.containarium/credentials.json`,
    typeof credentials === "string" ? credentials : JSON.stringify(credentials),
  );
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

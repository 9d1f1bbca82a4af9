import { makeTempFolder } from "../temp.ts";

/** A home folder with credentials in it, removed at the end. */
export interface Home extends AsyncDisposable {
  /** Where it is. */
  readonly path: string;
}

/** Makes one; text is written as it is. */
export async function makeHome(credentials: unknown): Promise<Home> {
  const folder = await makeTempFolder();
  await Deno.mkdir(`${folder.path}/.containarium`);
  await folder.write(
    ".containarium/credentials.json",
    typeof credentials === "string" ? credentials : JSON.stringify(credentials),
  );
  return folder;
}

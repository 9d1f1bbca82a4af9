/** Installs what drivers need, pinned, into `.deno/interop/`, and says how they are run. @module */
import { importFlags } from "../../tests/connect.ts";
import type { Client } from "./clients.ts";
import type { Revision } from "./scenario.ts";

const drivers = new URL("drivers/", import.meta.url).pathname;
const folder = new URL("../../.deno/interop/", import.meta.url).pathname;

/** Returns the command line that runs a client's driver, to be followed by the scenario's file. */
export async function commandOf(
  client: Client,
  revision: Revision,
): Promise<readonly [string, ...string[]]> {
  const driver = `${drivers}${client.driver}`;
  switch (client.runtime.kind) {
    case "python": {
      const { packages, other = {} } = client.runtime;
      const mine = other[revision];
      const name = mine === undefined ? client.name : `${client.name} ${revision}`;
      return [await pythonWith(slug(name), mine ?? packages), "-B", "-u", driver];
    }
    case "deno":
      return [Deno.execPath(), "run", "-q", "-A", ...importFlags, driver];
    case "go":
      return [await built(client, driver)];
    default:
      return client.runtime satisfies never;
  }
}

/** Returns a Python with packages, which it has already or gets now. */
async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const home = `${folder}${name}`;
  const python = `${home}/bin/python`;
  const note = `${home}/packages.txt`;
  const wanted = packages.join("\n");
  if (await textOf(note) === wanted) return python;
  await ran("python3", ["-m", "venv", home]);
  await ran(python, ["-m", "pip", "install", "-q", "--disable-pip-version-check", ...packages]);
  await Deno.writeTextFile(note, wanted);
  return python;
}

/** Returns the program that Go makes of a folder with a `go.mod`. */
async function built(client: Client, driver: string): Promise<string> {
  const program = `${folder}${slug(client.name)}`;
  await Deno.mkdir(folder, { recursive: true });
  await ran("go", ["build", "-o", program, "."], driver);
  return program;
}

/** Returns a name for files. */
export function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

async function ran(program: string, args: readonly string[], cwd?: string): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
  }).output();
  if (success) return;
  const printed = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  throw new Error(`Cannot run ${program} ${args.join(" ")}: ${printed}`);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

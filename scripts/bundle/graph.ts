/**
 * What `deno info` says about a program: where each import of it leads.
 *
 * @module
 */

/** One import of a module. */
export interface Dependency {
  /** As it is written. */
  readonly specifier: string;
  /** Where it leads, before redirects. Absent of types only. */
  readonly code?: { readonly specifier: string };
  /** Whether it is imported when it is first needed. */
  readonly isDynamic?: boolean;
}

/** A module, or an entry to a package. */
export interface GraphModule {
  /** Its address. */
  readonly specifier: string;
  /** `esm`, `npm`, `node`, … */
  readonly kind: string;
  /** File that holds it. */
  readonly local?: string;
  /** `TypeScript`, `JavaScript`, … */
  readonly mediaType?: string;
  /** Package that it is in, by its key in `npmPackages`. */
  readonly npmPackage?: string;
  /** What it imports. */
  readonly dependencies?: readonly Dependency[];
}

/** A package from npm. */
export interface NpmPackage {
  /** Name. */
  readonly name: string;
  /** Folder. */
  readonly localPath: string;
  /** Packages that it may import, by their keys. */
  readonly dependencies: readonly string[];
}

/** Everything that a program is made of. */
export interface Graph {
  /** Addresses of what it was asked for. */
  readonly roots: readonly [string];
  /** Modules. */
  readonly modules: readonly GraphModule[];
  /** Where addresses lead that are not final. */
  readonly redirects: Readonly<Record<string, string>>;
  /** Packages, by name and version. */
  readonly npmPackages: Readonly<Record<string, NpmPackage>>;
}

/**
 * Returns the graph of a program.
 *
 * @param flags Flags of `deno info`
 */
export async function readGraph(main: string, flags: readonly string[]): Promise<Graph> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", ...flags, main],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`deno info failed for ${main}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

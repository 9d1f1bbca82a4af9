/**
 * The module graph of a program, from `deno info`.
 *
 * @module
 */

/** One import of a module. */
export interface Dependency {
  /** Specifier, as written. */
  readonly specifier: string;
  /** Target, before redirects. Absent for type imports. */
  readonly code?: { readonly specifier: string };
  /** Whether it is imported on first use. */
  readonly isDynamic?: boolean;
}

/** A module, or an entry of a package. */
export interface GraphModule {
  /** URL. */
  readonly specifier: string;
  /** `esm`, `npm`, `node`, … */
  readonly kind: string;
  /** File that holds it. */
  readonly local?: string;
  /** `TypeScript`, `JavaScript`, … */
  readonly mediaType?: string;
  /** Key of its package in `npmPackages`. */
  readonly npmPackage?: string;
  /** Imports. */
  readonly dependencies?: readonly Dependency[];
}

/** A package from npm. */
export interface NpmPackage {
  /** Name. */
  readonly name: string;
  /** Folder. */
  readonly localPath: string;
  /** Keys of the packages that it may import. */
  readonly dependencies: readonly string[];
}

/** Everything that a program consists of. */
export interface Graph {
  /** URLs of the entry modules. */
  readonly roots: readonly [string];
  /** Modules. */
  readonly modules: readonly GraphModule[];
  /** Redirects. */
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

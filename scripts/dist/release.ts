/**
 * What is released, for every kind of package: one version, one name, one place.
 *
 * @module
 */
import metadata from "../../deno.json" with { type: "json" };

/** The version, which only `deno.json` sets. */
export const version: string = metadata.version;

/** The package's name on npm and JSR. */
export const packageName: string = metadata.name;

/** Deno's version that packages bring along. */
export const denoVersion = "2.9.6";

/** What the server is, in at most 100 characters: the MCP Registry takes no more. */
export const description =
  "Create and run Linux system containers on a Containarium host, with consent and a sandbox";

/** The license. */
export const license: string = metadata.license;

/** What everything that is released is called on GitHub; the release workflow says its own. */
export const repository: string = Deno.env.get("GITHUB_REPOSITORY") ?? "containarium/mcp-server";

/** The repository's page. */
export const homepage = `https://github.com/${repository}`;

/** Where a release's files are. */
export const downloads = `${homepage}/releases/download/v${version}`;

/** The name in the MCP Registry; the login at GitHub proves the part before the slash. */
export const registryName = `io.github.${repository.split("/")[0]}/mcp-server`;

/** Where everything is made. */
export const folder: string = new URL("../../dist", import.meta.url).pathname;

/** How a kind of package is made. */
export interface MakeOptions {
  /** Whether it is made for every system, not just for this one. */
  readonly isForAll: boolean;
  /** Flags with which imports resolve: `--import-map`, `--lock`. */
  readonly imports: readonly string[];
}

/** What was made, and what was not. */
export interface Made {
  /** Files in `dist/`, by their names. */
  readonly made: readonly string[];
  /** What could not be made here, each with the reason. */
  readonly skipped: readonly string[];
}

/** Returns JSON as it is written to a file. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

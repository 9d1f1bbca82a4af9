import metadata from "../../deno.json" with { type: "json" };

/**
 * This package's version, e.g. `0.1.0`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { version } from "@containarium/mcp-server";
 *
 * assert(/^\d+\.\d+\.\d+/.test(version));
 * ```
 */
export const version: string = metadata.version;

import metadata from "../deno.json" with { type: "json" };

/** This package's version, e.g. `0.1.0`. */
export const version: string = metadata.version;

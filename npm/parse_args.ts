// Stands in for jsr:@std/cli/parse-args where jsr.io cannot be reached; see imports.json.
// @ts-types="./parse_args.d.ts"
export * from "npm:deno-std@1.4.0/cli/parse_args.js";

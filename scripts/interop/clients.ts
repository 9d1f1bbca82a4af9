/** The clients that `make interop` tries. @module */
import type { Revision } from "./scenario.ts";

/** A client, and how a program that uses it is run. */
export interface Client {
  /** What the table calls it. `INTEROP` chooses by any part of it. */
  readonly name: string;
  /** The pinned version, for the table. */
  readonly version: string;
  /** The driver is run once with each. */
  readonly revisions: readonly Revision[];
  /** The program, in `scripts/interop/drivers/`. */
  readonly driver: string;
  readonly runtime: Runtime;
}

/** What a driver needs. */
export type Runtime =
  /** An environment of its own for Python, with these packages. */
  | { readonly kind: "python"; readonly packages: readonly string[] }
  /** Deno, with the packages of `deno.json` or `npm:` specifiers. */
  | { readonly kind: "deno" }
  /** A folder with a `go.mod`. */
  | { readonly kind: "go" };

const both: readonly Revision[] = ["2025-11-25", "2026-07-28"];

/** A client in Python: the first package is the client. */
function python(
  name: string,
  driver: string,
  revisions: readonly Revision[],
  packages: readonly [string, ...string[]],
): Client {
  const version = packages[0].slice(packages[0].lastIndexOf("=") + 1);
  return { name, version, revisions, driver, runtime: { kind: "python", packages } };
}

/** All of them, in the order of the table. */
export const clients: readonly Client[] = [
  python("Python mcp 2", "python_mcp_2.py", both, ["mcp==2.3.0"]),
];

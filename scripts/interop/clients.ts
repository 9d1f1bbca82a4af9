/** The clients that `make interop` tries. @module */
import { conformanceVersion } from "../../tests/conformance_suite.ts";
import type { Kind } from "./results.ts";
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
  /** @default {"client"} */
  readonly kind?: Kind;
}

/** What a driver needs. */
export type Runtime =
  /** An environment of its own for Python, with these packages, and some other ones for a revision. */
  | {
    readonly kind: "python";
    readonly packages: readonly string[];
    readonly other?: Readonly<Partial<Record<Revision, readonly string[]>>>;
  }
  /** Deno, with the packages of `deno.json` or `npm:` specifiers. */
  | { readonly kind: "deno" }
  /** A folder with a `go.mod`. */
  | { readonly kind: "go" };

/** The version of the MCP Inspector. */
export const inspectorVersion = "2.12.0";

const older: readonly Revision[] = ["2025-11-25"];
const both: readonly Revision[] = ["2025-11-25", "2026-07-28"];

/** A client in Python: the first package is the client. */
function python(
  name: string,
  driver: string,
  revisions: readonly Revision[],
  packages: readonly [string, ...string[]],
  other: Readonly<Partial<Record<Revision, readonly string[]>>> = {},
): Client {
  const version = packages[0].slice(packages[0].lastIndexOf("=") + 1);
  return { name, version, revisions, driver, runtime: { kind: "python", packages, other } };
}

/** A framework for agents in Python: see `scripts/interop/drivers/framework.py`. */
function framework(...how: Parameters<typeof python>): Client {
  return { ...python(...how), kind: "framework" };
}

const lock = await Deno.readTextFile(new URL("../../deno.lock", import.meta.url));

/** Returns the version of a package that the lock has. */
function locked(name: string): string {
  const [, version] = new RegExp(`^ {4}"${name}@([0-9.]+)`, "m").exec(lock) ?? [];
  if (version === undefined) throw new Error(`Cannot find the version of ${name} in deno.lock`);
  return version;
}

/** All of them, in the order of the table. */
export const clients: readonly Client[] = [
  {
    name: "TypeScript SDK 1",
    version: locked("@modelcontextprotocol/sdk"),
    revisions: older,
    driver: "typescript_1.ts",
    runtime: { kind: "deno" },
  },
  {
    name: "TypeScript SDK 2",
    version: locked("@modelcontextprotocol/client"),
    revisions: both,
    driver: "typescript_2.ts",
    runtime: { kind: "deno" },
  },
  python("Python mcp 1", "python_mcp_1.py", older, ["mcp==1.30.0"]),
  python("Python mcp 2", "python_mcp_2.py", both, ["mcp==2.3.0"]),
  {
    name: "MCP Inspector, CLI",
    version: inspectorVersion,
    revisions: both,
    driver: "inspector_cli.ts",
    runtime: { kind: "deno" },
  },
  {
    name: "MCP Inspector, mcpdo",
    version: inspectorVersion,
    revisions: both,
    driver: "inspector_mcpdo.ts",
    runtime: { kind: "deno" },
  },
  { name: "go-sdk", version: "1.8.0", revisions: both, driver: "go_sdk", runtime: { kind: "go" } },
  framework("langchain-mcp-adapters", "langchain_agent.py", older, [
    "langchain-mcp-adapters==0.3.2",
    "langchain==1.5.2",
    "mcp==1.30.0",
  ]),
  // Which revision it speaks is up to the version of mcp: only one of both is ever proposed.
  framework("openai-agents", "openai_agent.py", both, ["openai-agents==0.24.0", "mcp==2.3.0"], {
    "2025-11-25": ["openai-agents==0.24.0", "mcp==1.30.0"],
  }),
  framework("google-genai", "genai_agent.py", both, ["google-genai==3.6.1", "mcp==2.3.0"]),
  framework("google-adk", "adk_agent.py", older, ["google-adk==2.13.0", "mcp==2.3.0"]),
  framework("pydantic-ai", "pydantic_agent.py", both, [
    "pydantic-ai-slim[mcp]==2.66.0",
    "fastmcp-slim==4.2.3",
    "mcp==2.3.0",
  ]),
  framework("mcp-use", "mcp_use_agent.py", older, ["mcp-use==1.7.1", "mcp==1.30.0"]),
  {
    name: "Conformance suite",
    version: conformanceVersion,
    revisions: both,
    driver: "conformance.ts",
    runtime: { kind: "deno" },
    kind: "suite",
  },
];

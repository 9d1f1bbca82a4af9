import { version } from "../../client/mod.ts";
import type { System } from "./client_system.ts";

/** What runs the server: the program that runs now. */
export type Program =
  | { readonly kind: "binary"; readonly path: string }
  | { readonly kind: "npm"; readonly launcher: string; readonly isFetched: boolean }
  | {
    readonly kind: "deno";
    readonly deno: string;
    /** Flags without which its imports do not resolve. */
    readonly flags: readonly string[];
    /** The script: a path, or a URL. */
    readonly script: string;
  };

/** The package's name on npm. */
const PACKAGE = "@containarium/mcp-server";

/**
 * What npx fetches: this version and no other. Without a version, the newest would get the user's token
 * before they know of it (or, with some releases of npm, the first one that was fetched stays for good).
 * With one, npx does not ask the registry once it has it.
 */
const PINNED = `${PACKAGE}@${version}`;

/** Returns what runs now: a binary, the launcher of the npm package, or Deno with a script. */
export async function thisProgram(): Promise<Program> {
  if (Deno.build.standalone) return { kind: "binary", path: Deno.execPath() };
  const { fileURLToPath } = await import("node:url");
  const { mainModule } = Deno;
  const script = mainModule.startsWith("file:") ? fileURLToPath(mainModule) : mainModule;
  return npmProgram(script) ??
    { kind: "deno", deno: Deno.execPath(), flags: importFlags(mainModule, fileURLToPath), script };
}

/** Returns the launcher of the npm package if a script is the one that it runs, which lies beside it. */
export function npmProgram(script: string): Program | undefined {
  const folder = script.replace(/[^/\\]*$/, "");
  if (!folder.replaceAll("\\", "/").endsWith(`/node_modules/${PACKAGE}/`)) return undefined;
  // What npx fetches may be gone tomorrow.
  const isFetched = /[/\\]_npx[/\\]/.test(folder);
  return { kind: "npm", launcher: `${folder}launcher.js`, isFetched };
}

/** Where jsr.io cannot be reached, a clone resolves its imports through npm/. */
function importFlags(
  mainModule: string,
  pathOf: (url: URL) => string,
): readonly string[] {
  if (!mainModule.startsWith("file:") || !mainModule.endsWith("/main.ts")) return [];
  const resolved = import.meta.resolve("@std/cli/parse-args");
  if (!resolved.startsWith("file:")) return [];
  const path = (name: string) => pathOf(new URL(name, resolved));
  return [`--import-map=${path("imports.json")}`, `--lock=${path("deno.lock")}`, "--frozen"];
}

/** Stands for the program where the instructions are for another system than this one. */
export function programElsewhere(system: System): Program {
  return {
    kind: "binary",
    path: system === "windows" ? "C:\\mcp-server\\mcp-server.exe" : "/usr/local/bin/mcp-server",
  };
}

/** Permissions of a process, as Deno's flags name them. */
export interface Granted {
  /** Hosts with ports. */
  readonly net: readonly string[];
  /** Files to read. */
  readonly read: readonly string[];
  /** Files to write. */
  readonly write: readonly string[];
}

/** A command and its arguments. */
export interface Launch {
  /** The program. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
}

/** Returns the command line that runs the program with permissions and no more. */
export function launchOf(
  program: Program,
  granted: Granted,
  variables: readonly string[],
  args: readonly string[],
  system: System,
): Launch {
  switch (program.kind) {
    case "binary":
      return { command: program.path, args };
    case "npm":
      // The launcher itself grants what the configuration needs.
      if (!program.isFetched) return { command: "node", args: [program.launcher, ...args] };
      return system === "windows"
        ? { command: "cmd", args: ["/c", "npx", "-y", PINNED, ...args] }
        : { command: "npx", args: ["-y", PINNED, ...args] };
    case "deno":
      return {
        command: program.deno,
        args: [
          "run",
          "--quiet",
          "--no-prompt",
          ...program.flags,
          ...(granted.net.length === 0 ? [] : [`--allow-net=${unique(granted.net)}`]),
          `--allow-env=${variables.join(",")}`,
          ...(granted.read.length === 0 ? [] : [`--allow-read=${unique(granted.read)}`]),
          ...(granted.write.length === 0 ? [] : [`--allow-write=${unique(granted.write)}`]),
          program.script,
          ...args,
        ],
      };
  }
}

function unique(values: readonly string[]): string {
  return [...new Set(values)].join(",");
}

/** The programs that are compared. @module */
import { shippedCommand, type Target } from "../../tests/connect.ts";
import { NoResult, WireClient } from "./wire_client.ts";

/** A program with its arguments. */
export type Command = readonly [string, ...string[]];

/** What a program may do beside reaching the daemon. */
export interface Grants {
  /** Folders to read. */
  readonly read?: readonly string[];
  /** Arguments of the server. */
  readonly args?: readonly string[];
}

/** A program that is measured. */
export interface Subject {
  /** Its name, the head of its column. */
  readonly name: string;
  /** The loop knows three tools, and nothing is known of a peer. */
  readonly kind: "server" | "loop" | "peer";
  /** How it is started for a daemon. */
  readonly command: (target: Target, grants?: Grants) => Command;
}

/** The server as `make bundle` makes it. */
export const bundle = bundleWith("bundle", []);

/** The reference. */
export const bareLoop: Subject = {
  name: "bare loop",
  kind: "loop",
  command: ({ url, token }) => [
    Deno.execPath(),
    "run",
    "--no-prompt",
    "--no-config",
    `--allow-net=${new URL(url).host}`,
    pathOf("scripts/bench/bare_loop.ts"),
    url,
    `Bearer ${token}`,
  ],
};

/** The bundle with flags for V8. */
export function bundleWith(name: string, flags: readonly string[]): Subject {
  return {
    name,
    kind: "server",
    command: ({ url }, { read = [], args = [] } = {}) => {
      const [deno, ...shipped] = shippedCommand(url);
      // Users have no `deno.json` beside the bundle.
      const kept = shipped.filter((arg) => !/^--(import-map|lock)=|main\.ts$/.test(arg));
      const reading = read.length === 0 ? [] : [`--allow-read=${read.join(",")}`];
      return [
        deno,
        ...kept,
        ...reading,
        ...flags,
        "--no-config",
        pathOf("dist/mcp-server.js"),
        ...args,
      ];
    },
  };
}

/** Another program that reads the same variables, by its command line. */
export function peerOf(commandLine: string): Subject {
  return { name: "peer", kind: "peer", command: () => ["sh", "-c", `exec ${commandLine}`] };
}

/** Returns the compiled binary; a reason where there is none that can be measured. */
export async function compiledBinary(target: Target): Promise<Subject | string> {
  const path = pathOf("bin/mcp-server");
  try {
    await Deno.stat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return "the binary: make build-mcp makes it";
  }
  const binary: Subject = { name: "binary", kind: "server", command: () => [path] };
  try {
    await using client = new WireClient(binary.command(target), target);
    await client.initialize();
    await client.call("list_containers");
    return binary;
  } catch (error) {
    if (!(error instanceof NoResult)) throw error;
    return "the binary: it was built to reach other hosts only";
  }
}

function pathOf(file: string): string {
  return new URL(`../../${file}`, import.meta.url).pathname;
}

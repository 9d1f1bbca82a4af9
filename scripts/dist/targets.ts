import process from "node:process";

/** A system that binaries and bundles are made for. */
export interface Target {
  /** Its name in file names. */
  readonly name: string;
  /** Its name for `deno compile`. */
  readonly triple: string;
  /** What Node calls it. */
  readonly node: string;
  /** The name of its binary. */
  readonly binary: string;
}

/** The systems that a release is made for. */
export const targets: readonly [Target, ...Target[]] = [
  target("linux-x86_64", "x86_64-unknown-linux-gnu", "linux-x64"),
  target("linux-aarch64", "aarch64-unknown-linux-gnu", "linux-arm64"),
  target("macos-x86_64", "x86_64-apple-darwin", "darwin-x64"),
  target("macos-aarch64", "aarch64-apple-darwin", "darwin-arm64"),
  target("windows-x86_64", "x86_64-pc-windows-msvc", "win32-x64"),
];

/** Returns the targets to make something for; of this machine only unless all are wanted. */
export function chosenTargets(isForAll: boolean): readonly Target[] {
  return isForAll ? targets : targets.filter(isThisSystem);
}

/** Whether a target is this machine. */
export function isThisSystem({ node }: Target): boolean {
  return node === `${process.platform}-${process.arch}`;
}

function target(name: string, triple: string, node: string): Target {
  return {
    name,
    triple,
    node,
    binary: `mcp-server-${name}${node.startsWith("win32") ? ".exe" : ""}`,
  };
}

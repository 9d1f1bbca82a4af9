/** A system that a client runs on, as Deno names it. */
export type System = "linux" | "darwin" | "windows";

/** The systems. */
export const systems: readonly System[] = ["linux", "darwin", "windows"];

/** What people call them. */
export const systemNames: Readonly<Record<System, string>> = {
  linux: "Linux",
  darwin: "macOS",
  windows: "Windows",
};

/** Returns the system that this process runs on; what is neither macOS nor Windows counts as Linux. */
export function thisSystem(): System {
  const { os } = Deno.build;
  return os === "darwin" || os === "windows" ? os : "linux";
}

/** Where a user's files are. */
export interface Folders {
  /** The system. */
  readonly system: System;
  /** The user's home. */
  readonly home: string;
}

/** Returns a path in the user's home. */
export function inHome({ system, home }: Folders, ...parts: readonly string[]): string {
  return [home, ...parts].join(system === "windows" ? "\\" : "/");
}

/** Returns a path in the folder that applications with windows keep their settings in. */
export function inAppData(folders: Folders, ...parts: readonly string[]): string {
  switch (folders.system) {
    case "linux":
      return inHome(folders, ".config", ...parts);
    case "darwin":
      return inHome(folders, "Library", "Application Support", ...parts);
    case "windows":
      return inHome(folders, "AppData", "Roaming", ...parts);
  }
}

/** Returns a path below `~/.config`; on Windows, in the folder of applications. */
export function inConfig(folders: Folders, ...parts: readonly string[]): string {
  return folders.system === "windows"
    ? inAppData(folders, ...parts)
    : inHome(folders, ".config", ...parts);
}

/** Returns a word as the system's shell takes it: `sh`, or PowerShell. */
export function quoted(word: string, system: System): string {
  if (/^[\w@%+=:,./-]+$/.test(word) && !(system === "windows" && /^[@-]|,/.test(word))) return word;
  return system === "windows"
    // PowerShell takes typographic quotes for quotes.
    ? `'${word.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Returns a command, a group of words a line. */
export function commandLine(groups: readonly (readonly string[])[], system: System): string {
  const lines = groups.filter((group) => group.length > 0)
    .map((group) => group.map((word) => quoted(word, system)).join(" "));
  const call = system === "windows" && lines[0]?.startsWith("'") ? "& " : "";
  return call + lines.join(system === "windows" ? " `\n  " : " \\\n  ");
}

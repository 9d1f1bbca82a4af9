/** The rooms of the house and which way imports go between them. @module */

/** Source text by path from the root, `/` between folders. */
export type Sources = ReadonlyMap<string, string>;

/** What each room may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  client: [],
  tools: ["client"],
  server: ["tools", "client"],
  cli: ["server", "tools", "client"],
  launcher: ["cli"],
  "mod.ts": ["server", "tools", "client"],
  "main.ts": ["cli", "server", "tools", "client"],
};

/** The rooms, and the files that are rooms of their own. */
export const rooms: readonly string[] = Object.keys(allowed);

/** What one file or folder alone may do, or none. */
const reserved: readonly (readonly [string, RegExp, string?])[] = [
  [
    "touches the protocol's streams",
    /\bDeno\.(stdin|stdout)\b/,
    "server/stdio/standard_streams.ts",
  ],
  ["shows the token", /\bBearer\b/, "client/auth/token.ts"],
  ["writes to the console", /\bconsole\b/],
  // Tools, resources and prompts answer alike in both revisions of MCP.
  ["knows the revision 2026-07-28", /2026-07-28|input_required|requestState:/, "server/modern/"],
];

/** The sources of every room. */
export async function readSources(root: URL): Promise<Sources> {
  const sources = new Map<string, string>();
  const read = async (path: string) => {
    sources.set(path, await Deno.readTextFile(new URL(path, root)));
  };
  const walk = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
      if (isDirectory) await walk(`${folder}${name}/`);
      else if (name.endsWith(".ts")) await read(`${folder}${name}`);
    }
  };
  for (const room of rooms) {
    await (room.endsWith(".ts") ? read(room) : walk(`${room}/`));
  }
  return sources;
}

const importForms = [
  /^(?:import|export)\b[^"();=]*\bfrom\s*"([^"\s]+)"/gm,
  /^import\s*"([^"\s]+)"/gm,
  /\bimport\(\s*"([^"\s]+)"/g,
];

/** A source without the examples in its comments. */
function codeOf(source: string): string {
  return source.replaceAll(/^\s*(\/\*\*|\*|\/\/).*$/gm, "");
}

/** What a source imports, lazily too. */
export function importsOf(source: string): string[] {
  const code = codeOf(source);
  return importForms.flatMap((form) => [...code.matchAll(form)]).map(([, name]) => name ?? "");
}

/** The room that a path is in. */
function roomOf(path: string): string {
  return path.split("/")[0] ?? "";
}

/** Everything that goes against the arrows, a line each. */
export function violations(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) => {
    const room = roomOf(path);
    const found = importsOf(source).filter((name) => !mayImport(room, path, name))
      .map((name) => `${path} imports ${name}`);
    for (const [what, pattern, file] of reserved) {
      const isItsPlace = file !== undefined && path.startsWith(file);
      if (!isItsPlace && pattern.test(codeOf(source))) found.push(`${path} ${what}`);
    }
    if (room === "tools" && /\bfetch\(|\bnew (WebSocket|EventSource)\b/.test(source)) {
      found.push(`${path} speaks HTTP`);
    }
    return found;
  });
}

function mayImport(room: string, path: string, name: string): boolean {
  if (!name.startsWith(".")) {
    return !name.includes("@modelcontextprotocol/") || room === "server";
  }
  const target = new URL(name, `file:///${path}`).pathname.slice(1);
  if (target === "deno.json") return true;
  const other = roomOf(target);
  return other === room || (allowed[room]?.includes(other) ?? false);
}

/** File names that two files share, a line each: nobody can tell those apart in a list of open files. */
export function sharedNames(sources: Sources): string[] {
  const byName = Map.groupBy(sources.keys(), (path) => path.split("/").at(-1) ?? "");
  byName.delete("mod.ts");
  return [...byName].filter(([, paths]) => paths.length > 1)
    .map(([name, paths]) => `${name}: ${paths.join(", ")}`);
}

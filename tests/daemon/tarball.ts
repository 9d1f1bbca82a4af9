/** Reading the source of an app: a tar stream that is compressed with gzip. @module */

/** The names of the files in it, or what Go says is wrong. */
export async function namesIn(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<readonly string[] | { readonly problem: string }> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    const why = bytes.length < 10 ? "unexpected EOF" : "gzip: invalid header";
    return { problem: `failed to create gzip reader: ${why}` };
  }
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return namesOf(new Uint8Array(await new Response(stream).arrayBuffer()));
  } catch {
    return { problem: "failed to read tar header: unexpected EOF" };
  }
}

const blockBytes = 512;

function namesOf(tar: Uint8Array): readonly string[] {
  const names: string[] = [];
  const textAt = (from: number, length: number) =>
    new TextDecoder().decode(tar.subarray(from, from + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + blockBytes <= tar.length;) {
    const name = textAt(at, 100);
    if (name === "") break;
    names.push(name.replace(/^\.\//, ""));
    const size = parseInt(textAt(at + 124, 12).trim() || "0", 8);
    at += blockBytes * (1 + Math.ceil(size / blockBytes));
  }
  return names;
}

/** What an app is written in. */
export interface Language {
  readonly name: string;
  readonly version: string;
  readonly dockerfileProvided: boolean;
}

const languages: readonly (readonly [string, string, string])[] = [
  ["package.json", "Node.js", "20"],
  ["requirements.txt", "Python", "3.12"],
  ["Pipfile", "Python", "3.12"],
  ["pyproject.toml", "Python", "3.12"],
  ["go.mod", "Go", "1.22"],
  ["Cargo.toml", "Rust", "1.75"],
  ["Gemfile", "Ruby", "3.3"],
  ["composer.json", "PHP", "8.3"],
  ["index.html", "Static", ""],
];

/** The language of an app with those files; only the version of Node.js was recorded. */
export function languageOf(names: readonly string[]): Language | undefined {
  if (names.includes("Dockerfile")) {
    return { name: "Custom", version: "", dockerfileProvided: true };
  }
  const found = languages.find(([file]) => names.includes(file));
  if (found === undefined) return undefined;
  const [, name, version] = found;
  return { name, version, dockerfileProvided: false };
}

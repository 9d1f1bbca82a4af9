/**
 * `make changelog VERSION=1.2.3`: moves the fragments of `changes.d/` into `CHANGELOG.md`, as the
 * section of that release.
 *
 * @module
 */

/** Kinds of changes, in the order of a release's section. */
const kinds = ["security", "added", "changed", "fixed", "removed"] as const;

/** Kind of change. */
export type Kind = typeof kinds[number];

/** One file in `changes.d/`. */
export interface Fragment {
  /** File name: `what.kind.md`. */
  readonly file: string;
  /** Kind of change. */
  readonly kind: Kind;
  /** Markdown list. */
  readonly text: string;
}

const root = new URL("../", import.meta.url);
const folder = new URL("changes.d/", root);
const changelogUrl = new URL("CHANGELOG.md", root);

/** Reads a fragment. Throws if its name has no kind, or its text is not a list. */
export function readFragment(file: string, text: string): Fragment {
  const kind = kinds.find((kind) => file.endsWith(`.${kind}.md`));
  if (kind === undefined) {
    throw new Error(`Cannot read changes.d/${file}: its name must end in .KIND.md (${kinds})`);
  }
  if (!text.startsWith("- ")) {
    throw new Error(`Cannot read changes.d/${file}: it must be a Markdown list`);
  }
  return { file, kind, text: text.trim() };
}

/** Reads every fragment in `changes.d/`, by name. */
export async function readFragments(): Promise<Fragment[]> {
  const fragments: Fragment[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".md")) continue;
    fragments.push(readFragment(name, await Deno.readTextFile(new URL(name, folder))));
  }
  return fragments.sort((a, b) => a.file < b.file ? -1 : 1);
}

/**
 * Returns the changelog with the section of a release on top of the earlier ones. Throws if there is
 * nothing to release, or the version is released already.
 *
 * @param date Date of the release, `YYYY-MM-DD`
 */
export function withRelease(
  changelog: string,
  fragments: readonly Fragment[],
  version: string,
  date: string,
): string {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    throw new Error(`Cannot release "${version}": VERSION must be like 1.2.3`);
  }
  if (fragments.length === 0) throw new Error("Cannot release: changes.d/ holds no fragment");
  if (changelog.includes(`\n## ${version} `)) {
    throw new Error(`Cannot release ${version}: CHANGELOG.md has it already`);
  }
  const sections = kinds.flatMap((kind) => {
    const texts = fragments.filter((fragment) => fragment.kind === kind).map(({ text }) => text);
    const [first = "", ...rest] = kind;
    return texts.length === 0
      ? []
      : [`### ${first.toUpperCase()}${rest.join("")}\n\n${texts.join("\n")}\n`];
  });
  const at = changelog.search(/^## /m);
  const intro = at === -1 ? `${changelog.trimEnd()}\n\n` : changelog.slice(0, at);
  const earlier = at === -1 ? "" : `\n${changelog.slice(at)}`;
  return `${intro}## ${version} (${date})\n\n${sections.join("\n")}${earlier}`;
}

if (import.meta.main) {
  const [version = ""] = Deno.args;
  const fragments = await readFragments();
  const changelog = await Deno.readTextFile(changelogUrl);
  const today = new Date().toISOString().slice(0, 10);
  await Deno.writeTextFile(changelogUrl, withRelease(changelog, fragments, version, today));
  for (const { file } of fragments) await Deno.remove(new URL(file, folder));
}

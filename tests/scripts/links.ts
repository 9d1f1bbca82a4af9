/** Finds links of Markdown that lead nowhere in this repository. @module */
import type { Page } from "./pages.ts";

/**
 * Returns a line for each relative link whose file or anchor does not exist.
 *
 * @param read Returns a file's text by its path from the root, `undefined` if there is none
 */
export async function deadLinks(
  pages: readonly Page[],
  read: (path: string) => Promise<string | undefined>,
): Promise<string[]> {
  const dead: string[] = [];
  for (const page of pages) {
    for (const target of relativeLinks(page.text)) {
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? page.path : resolve(page.path, file);
      const text = path === page.path ? page.text : await read(path);
      if (text === undefined) dead.push(`${page.path}: ${target}: there is no ${path}`);
      else if (anchor !== undefined && !anchors(text).has(anchor)) {
        dead.push(`${page.path}: ${target}: ${path} has no heading #${anchor}`);
      }
    }
  }
  return dead;
}

/** Returns the anchors that GitHub makes of a page's headings. */
export function anchors(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, heading = ""] of withoutCode(text).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    let unique = slug;
    for (let again = 1; found.has(unique); again++) unique = `${slug}-${again}`;
    found.add(unique);
  }
  return found;
}

function relativeLinks(text: string): string[] {
  const inline = withoutCode(text).replaceAll(/`[^`\n]*`/g, "")
    .matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g);
  const reference = withoutCode(text).matchAll(/^ {0,3}\[[^\]]+\]: *(\S+)/gm);
  return [...inline, ...reference].map(([, target = ""]) => target)
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** Headings are not looked for in fenced blocks. */
function withoutCode(text: string): string {
  return text.replaceAll(/^([ \t]*)(```+|~~~+)[\s\S]*?^\1\2 *$/gm, "");
}

function resolve(from: string, to: string): string {
  const url = new URL(to, `file:///${from}`);
  return decodeURIComponent(url.pathname.slice(1));
}

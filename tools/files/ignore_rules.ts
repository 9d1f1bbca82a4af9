/**
 * What is left out of a transfer: `.git`, what `.gitignore` files name, and what a call names in their syntax.
 *
 * @module
 */
import ignore, { type Ignore } from "ignore";

/** The rules of one `.gitignore`. */
interface FolderRules {
  /** Path of its folder, with a slash at its end; empty at the top. */
  readonly below: string;
  readonly rules: Ignore;
}

/** A larger `.gitignore` is refused. */
export const MAX_RULES_BYTES = 256 * 1024;

/** The rules of a tree. */
export class IgnoreRules {
  readonly #own: Ignore;
  readonly #folders: FolderRules[] = [];
  readonly #texts: string[];

  /** @param exclude Patterns that count before those of the tree */
  constructor(exclude: readonly string[]) {
    this.#own = rulesOf(exclude);
    this.#texts = [...exclude];
  }

  /**
   * Adds a `.gitignore`.
   *
   * @param folder Path of its folder; empty at the top
   */
  add(folder: string, text: string): void {
    const lines = text.split(/\r?\n/);
    this.#folders.push({ below: folder === "" ? "" : `${folder}/`, rules: rulesOf(lines) });
    this.#texts.push(...lines.filter((line) => folder === "" || line.startsWith("!")));
  }

  /** Returns whether something is left out; of a folder that is, nothing below it is asked for. */
  leavesOut(path: string, isFolder: boolean): boolean {
    if (path === ".git" || path.endsWith("/.git")) return true;
    const name = isFolder ? `${path}/` : path;
    const own = this.#own.test(name);
    if (own.ignored || own.unignored) return own.ignored;
    // The deepest has the last word.
    for (const { below, rules } of this.#folders.toReversed()) {
      if (!name.startsWith(below) || name.length === below.length) continue;
      const { ignored, unignored } = rules.test(name.slice(below.length));
      if (ignored || unignored) return ignored;
    }
    return false;
  }

  /** Names of folders that are left out wherever they are, such as `node_modules`. */
  get names(): readonly string[] {
    const isPlain = !this.#texts.some((line) => line.startsWith("!"));
    const plain = this.#texts.map((line) => line.trim().replace(/\/$/, ""))
      .filter((line) => /^[\w.@+-]+$/.test(line) && !/^\.+$/.test(line));
    return [".git", ...(isPlain ? plain : [])];
  }
}

function rulesOf(lines: readonly string[]): Ignore {
  return ignore({ ignorecase: false }).add([...lines]);
}

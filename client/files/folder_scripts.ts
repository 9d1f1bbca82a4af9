/**
 * The shell scripts that look at a folder in a container. They need `stat`, `find`, `xargs`, `sha256sum` and
 * `tar`, of coreutils or of busybox. Each record that they print begins with a mark that no file can know, so
 * that a name may hold anything.
 *
 * @module
 */
import { quote } from "../text/shell_quote.ts";
import { STAGING } from "./tree.ts";

/** Exit codes of the scripts. */
export const exits = {
  missing: 70,
  notFolder: 71,
  noTool: 72,
  notWritten: 73,
  notEqual: 74,
} as const;

/** Programs without which nothing can be transferred. */
const needed = ["tar", "sha256sum", "stat", "find", "xargs", "mv", "dd"] as const;

/** Goes to the folder that a word of a script names. */
function enter(folder: string): string {
  return `[ -e ${folder} ] || exit ${exits.missing}
cd -- ${folder} 2>/dev/null || exit ${exits.notFolder}
`;
}

/** Prints what a place is (`folder`, `file`, `missing`), and whether there is gzip. */
export function placeScript(folder: string): string {
  return `for tool in ${needed.join(" ")}; do
  command -v "$tool" >/dev/null || { echo "$tool"; exit ${exits.noTool}; }
done
if [ -d ${folder} ]; then echo folder; elif [ -f ${folder} ]; then echo file
elif [ -e ${folder} ] || [ -L ${folder} ]; then echo other; else echo missing; fi
if command -v gzip >/dev/null; then echo gzip; fi
`;
}

/** Prints a record for each path on standard input, divided by NUL, that exists. */
export function statScript(folder: string, mark: string): string {
  return `${enter(folder)}xargs -0 stat -c '${mark} %f %s %Y %n' -- 2>/dev/null
exit 0
`;
}

/** Prints a record for everything in the folder except in folders of these names. */
export function listScript(folder: string, mark: string, pruned: readonly string[]): string {
  const names = [STAGING, ...pruned].map((name) => `-name ${quote(asPattern(name))}`).join(" -o ");
  return `${enter(folder)}find . \\( ${names} \\) -prune -o ! -name . -exec ` +
    `stat -c '${mark} %f %s %Y %n' -- {} + 2>/dev/null
exit 0
`;
}

/** Prints the SHA-256 of each path on standard input, divided by NUL, as `sha256sum` does. */
export function hashScript(folder: string): string {
  return `${enter(folder)}xargs -0 sha256sum -- 2>/dev/null
exit 0
`;
}

/** Prints a record for each path on standard input: the SHA-256 of a file, or where a link leads. */
export function oddScript(folder: string, mark: string): string {
  return `${enter(folder)}mark=${mark}; export mark
xargs -0 sh -c '
for path; do
  printf "%s " "$mark"
  if [ -L "$path" ]; then readlink -- "$path"; else sha256sum <"$path"; fi
done' sh 2>/dev/null
exit 0
`;
}

/** Takes a name literally in a pattern of `find`. */
function asPattern(name: string): string {
  return name.replaceAll(/[\\*?[\]]/g, "\\$&");
}

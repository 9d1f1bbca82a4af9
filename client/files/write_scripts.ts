/**
 * The shell scripts that change a folder in a container. A file is put together in a folder beside the others
 * and then renamed, so that nobody ever reads half of one.
 *
 * @module
 */
import { quote } from "../text/shell_quote.ts";
import { exits } from "./folder_scripts.ts";
import { byPath, nameOf, parentOf, STAGING } from "./tree.ts";

/** Bytes of a large file that are sent at a time. */
export const CHUNK_BYTES = 4 * 1024 * 1024;
/** Names in one command line, far below what the kernel takes. */
const NAMES_A_LINE = 200;
/** Minutes after which what an interrupted transfer left is removed by the next. */
const STALE_MINUTES = 24 * 60;

/** A file of a batch, by its name in the archive. */
export interface StagedFile {
  /** Where it goes. */
  readonly path: string;
  /** What it is called in the archive; absent: it is a link. */
  readonly archived?: string | undefined;
  /** Where the link leads; absent: it is a file. */
  readonly target?: string | undefined;
}

/** What a batch changes. */
export interface BatchChanges {
  /** Folders to make. */
  readonly folders: readonly string[];
  /** Files and links to put in place. */
  readonly files: readonly StagedFile[];
  /** Whether there is an archive on standard input, and how. */
  readonly archive: "none" | "plain" | "gzip";
}

/** Makes the folder and goes there; `$s` is a folder of its own, removed at the end. */
function begin(folder: string, nonce: string): string {
  return `mkdir -p -- ${folder} && cd -- ${folder} || exit ${exits.notFolder}
if [ -d ${STAGING} ]; then
  find ${STAGING} -mindepth 1 -maxdepth 1 -mmin +${STALE_MINUTES} -exec rm -rf -- {} + 2>/dev/null
fi
s=${STAGING}/${nonce}
trap 'rm -rf -- "$s"; rmdir ${STAGING} 2>/dev/null' EXIT
trap 'exit 129' HUP TERM INT
mkdir -p -- "$s" || exit ${exits.notWritten}
`;
}

const orFail = ` || exit ${exits.notWritten}\n`;

/** Puts the files of an archive, and links, in their places. */
export function batchScript(
  folder: string,
  nonce: string,
  { folders, files, archive }: BatchChanges,
): string {
  const unpack = 'tar -xopf - -C "$s"';
  const unpacking = {
    none: "",
    plain: `${unpack}${orFail}`,
    gzip: `gzip -dc | ${unpack}${orFail}`,
  }[archive];
  return begin(folder, nonce) + unpacking +
    lines("mkdir -p --", folders.map(dotted), "") + placing(files);
}

/** Renames what is staged: one command for all files of a folder. */
function placing(files: readonly StagedFile[]): string {
  let script = "";
  let at = 0;
  for (const [folder, members] of Map.groupBy(files, ({ path }) => parentOf(path))) {
    const own = `"$s"/p${at++}`;
    const ready: string[] = [];
    let renaming = "";
    for (const { path, archived, target } of members) {
      const name = nameOf(path);
      const source = `"$s"/${quote(archived ?? "")}`;
      if (archived !== undefined && nameOf(archived) === name) {
        ready.push(source);
        continue;
      }
      const renamed = `${own}/${quote(name)}`;
      renaming += target === undefined
        ? `mv -- ${source} ${renamed}${orFail}`
        : `ln -s -- ${quote(target)} ${renamed}${orFail}`;
      ready.push(renamed);
    }
    if (renaming !== "") script += `mkdir -- ${own}${orFail}${renaming}`;
    script += lines("mv -f --", ready, `${dotted(folder === "" ? "." : folder)}/`);
  }
  return script;
}

/** Writes a piece of a large file at its place in the part that is put together. */
export function chunkScript(folder: string, nonce: string, part: string, index: number): string {
  return `${begin(folder, nonce)}dd of=${STAGING}/${part} bs=${CHUNK_BYTES} seek=${index} ` +
    `conv=notrunc 2>/dev/null${orFail}`;
}

/** Prints how many bytes of a part are there. */
export function partScript(folder: string, part: string): string {
  return `cd -- ${folder} 2>/dev/null && wc -c <${STAGING}/${part} 2>/dev/null
exit 0
`;
}

/** Removes a part, whose file is another by now. */
export function discardScript(folder: string, part: string): string {
  return `cd -- ${folder} 2>/dev/null && rm -f -- ${STAGING}/${part}
rmdir -- ${STAGING} 2>/dev/null
exit 0
`;
}

/** Puts a part in its place, if it is what it should be. */
export function finishScript(
  folder: string,
  nonce: string,
  file: {
    readonly part: string;
    readonly hash: string;
    readonly path: string;
    readonly mode: number;
    readonly seconds: number;
  },
): string {
  const part = `${STAGING}/${file.part}`;
  return `${begin(folder, nonce)}found=$(sha256sum <${part}) || exit ${exits.notWritten}
[ "\${found%% *}" = ${file.hash} ] || { rm -f -- ${part}; exit ${exits.notEqual}; }
chmod ${file.mode.toString(8)} -- ${part}${orFail}touch -d @${file.seconds} -- ${part} 2>/dev/null
mv -- ${part} "$s"/part${orFail}` + placing([{ path: file.path, archived: "part" }]);
}

/** Sets permissions of files, by mode. */
export function modeScript(
  folder: string,
  files: readonly { readonly path: string; readonly mode: number }[],
): string {
  const byMode = Map.groupBy(files, ({ mode }) => mode);
  return `cd -- ${folder} || exit ${exits.notFolder}\n` +
    [...byMode].map(([mode, members]) =>
      lines(`chmod ${mode.toString(8)} --`, members.map(({ path }) => dotted(path)), "")
    ).join("");
}

/** Removes files and links, and then the folders of these that are empty. */
export function removeScript(
  folder: string,
  files: readonly string[],
  folders: readonly string[],
): string {
  const deepestFirst = folders.map((path) => ({ path })).toSorted(byPath).toReversed();
  return `cd -- ${folder} || exit ${exits.notFolder}\n` +
    lines("rm -f --", files.map(dotted), "") +
    deepestFirst.map(({ path }) => `rmdir -- ${dotted(path)} 2>/dev/null\n`).join("") + "exit 0\n";
}

/** Command lines over many words, each of which has to succeed. */
function lines(command: string, words: readonly string[], last: string): string {
  let script = "";
  for (let at = 0; at < words.length; at += NAMES_A_LINE) {
    script += `${command} ${words.slice(at, at + NAMES_A_LINE).join(" ")} ${last}${orFail}`;
  }
  return script;
}

function dotted(path: string): string {
  return quote(`./${path}`);
}

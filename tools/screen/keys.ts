/**
 * Bytes that keys send.
 *
 * @module
 */

const ESCAPE = "\x1b";

const plain: ReadonlyMap<string, string> = new Map([
  ["enter", "\r"],
  ["tab", "\t"],
  ["shift-tab", `${ESCAPE}[Z`],
  ["space", " "],
  ["escape", ESCAPE],
  ["backspace", "\x7f"],
  ["insert", `${ESCAPE}[2~`],
  ["delete", `${ESCAPE}[3~`],
  ["pageup", `${ESCAPE}[5~`],
  ["pagedown", `${ESCAPE}[6~`],
  ["f1", `${ESCAPE}OP`],
  ["f2", `${ESCAPE}OQ`],
  ["f3", `${ESCAPE}OR`],
  ["f4", `${ESCAPE}OS`],
  ["f5", `${ESCAPE}[15~`],
  ["f6", `${ESCAPE}[17~`],
  ["f7", `${ESCAPE}[18~`],
  ["f8", `${ESCAPE}[19~`],
  ["f9", `${ESCAPE}[20~`],
  ["f10", `${ESCAPE}[21~`],
  ["f11", `${ESCAPE}[23~`],
  ["f12", `${ESCAPE}[24~`],
]);

/** Keys that have another form in application mode. */
const cursor: ReadonlyMap<string, string> = new Map([
  ["up", "A"],
  ["down", "B"],
  ["right", "C"],
  ["left", "D"],
  ["end", "F"],
  ["home", "H"],
]);

/** Other names of keys, from tmux, vi, X and browsers. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["return", "enter"],
  ["cr", "enter"],
  ["esc", "escape"],
  ["del", "delete"],
  ["ins", "insert"],
  ["bs", "backspace"],
  ["bspace", "backspace"],
  ["btab", "shift-tab"],
  ["spacebar", "space"],
  ["pgup", "pageup"],
  ["pgdn", "pagedown"],
  ["pgdown", "pagedown"],
  ["page_up", "pageup"],
  ["page_down", "pagedown"],
  ["arrowup", "up"],
  ["arrowdown", "down"],
  ["arrowleft", "left"],
  ["arrowright", "right"],
]);

/** Matches after an Escape that does not start a key of several characters. */
const loneEscape = new RegExp(`(?<=${ESCAPE})(?![[O]|$)`);

/** How many milliseconds a program waits after Escape to distinguish it from the start of another key. */
export const escapePauseMs = 60;

/**
 * Returns what a key sends, or `undefined` if there is no such key.
 *
 * @param name `Enter`, `Ctrl-C`, `C-c`, `^C`, `Alt-x`, `F5`, `Up` …; case matters only after `Alt-`
 * @param isApplication Whether the program switched the arrow keys to application mode
 */
export function keyBytes(name: string, isApplication: boolean): string | undefined {
  const given = name.toLowerCase();
  const lower = otherNames.get(given) ?? given;
  const [, control] = /^(?:(?:ctrl|control|c)[-+]|\^)([a-z@[\\\]^_])$/.exec(lower) ?? [];
  if (control !== undefined) {
    return String.fromCharCode(control.toUpperCase().charCodeAt(0) & 0x1f);
  }
  const [, alt] = /^(?:alt|meta|m)[-+]([\x20-\x7e])$/i.exec(name) ?? [];
  if (alt !== undefined) return `${ESCAPE}${alt}`;
  const final = cursor.get(lower);
  if (final !== undefined) return `${ESCAPE}${isApplication ? "O" : "["}${final}`;
  return plain.get(lower);
}

/** Returns text as it is typed: line ends become Enter. */
export function typed(text: string): string {
  return text.replaceAll(/\r\n|\n/g, "\r");
}

/**
 * Splits text after each Escape that is a key by itself: vi would read what follows immediately as part
 * of it.
 */
export function strokes(text: string): readonly string[] {
  return text.split(loneEscape);
}

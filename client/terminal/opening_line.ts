/**
 * The line that prepares a login shell for a user or a model, and its confirmation.
 *
 * @module
 */
import type { OpenOptions } from "./shell.ts";

/**
 * Returns the line to type. It shows the shell's PID and its tty, and keeps the shell until the client
 * confirms that an agent ends it should the connection be lost: until then, nobody else would.
 */
export function openingLine(
  nonce: string,
  { cols, rows }: Pick<OpenOptions, "cols" | "rows">,
): string {
  // The inner sh prints the PID in any login shell; fish has no $$.
  return ` export TERM=xterm-256color LANG=C.UTF-8; stty cols ${cols} rows ${rows} iutf8; ` +
    `sh -c '${keeper}' a ${nonce}\n`;
}

/**
 * Every read ends after 25 s of silence, and with it the shell, whichever signals it ignores. What
 * else is read is this line once more: `confirmation` is all that the client sends meanwhile. The
 * line's echo never has the nonce behind one of the words.
 */
const keeper = `s=$(stty -g);stty -icanon -echo min 0 time 250;` +
  `printf "rdy%s %s %s\\n" $1 $PPID "$(tty)";t=;` +
  `while c=$(dd bs=4096 count=1 2>/dev/null;echo x);[ "$c" != x ];do t=$t\${c%x};` +
  `case $t in *"ok $1"*)stty \${s:-sane};printf "kept%s\\n" $1;exit;;esac;done;` +
  `kill -HUP $PPID;sleep 1;kill -KILL $PPID`;

/** Matches the output that shows that the shell runs: its PID, its tty. */
export function openingProof(nonce: string): RegExp {
  return new RegExp(`rdy${nonce} (\\d+) \\S+\\r?\\n`);
}

/** Lets go of the shell. */
export function confirmation(nonce: string): string {
  return `ok ${nonce}\n`;
}

/** Matches the output that shows that the shell reads what is typed from now on. */
export function confirmationProof(nonce: string): RegExp {
  return new RegExp(`kept${nonce}\\r?\\n`);
}

/**
 * The program that runs in the container, and the lines that start it.
 *
 * @module
 */
import source from "./agent.sh" with { type: "text" };

/** The agent without what is there for readers only: a byte at a time is read before it runs. */
const agent = source.replaceAll(/^[ \t]+/gm, "").replaceAll(/^#.*\n/gm, "").replaceAll(
  /\n+/g,
  "\n",
);
const agentBytes = new TextEncoder().encode(agent).length;

/** A connection's nonce, by which its two ends know each other's lines from anything else. */
export function newNonce(): string {
  return crypto.getRandomValues(new Uint8Array(12)).toHex();
}

/**
 * What is typed into a shell to start a loop that waits for the agent. The echo of it never holds
 * `@rdy:` and the nonce together, so that seeing those proves that the terminal is raw. Every read
 * ends after 25 s of silence; the outer shell prints nothing and ends with 0, so that `su` is never
 * stuck on a full terminal.
 *
 * @returns Two variants, the second for shells that do not let themselves be replaced
 */
export function bootLines(nonce: string): readonly [string, string] {
  const loop = `'stty raw -echo min 0 time 250&&printf "\\n@%s:%s\\n" rdy ${nonce};` +
    `while IFS= read -r l;do case $l in "${nonce} "[0-9]*)` +
    `A="$(dd bs=1 count="\${l#* }" 2>/dev/null)";exec 3<&0 4>&1 </dev/null >/dev/null 2>&1;` +
    `if command -v setsid;then G=1 setsid /bin/sh -c "$A" a ${nonce} & ` +
    `else G= /bin/sh -c "$A" a ${nonce} & fi;` +
    `m=$!;trap "kill -TERM $m" HUP TERM INT;wait $m;wait $m;exit 0;;esac;done'`;
  return [` unset HISTFILE;exec /bin/sh -c ${loop}\n`, `\n sh -c ${loop};exit\n`];
}

/** What proves that the loop is there. */
export function bootProof(nonce: string): RegExp {
  return new RegExp(`\\n@rdy:${nonce}\\r?\\n`);
}

/** What is sent to the loop. */
export function upload(nonce: string): string {
  return `${nonce} ${agentBytes}\n${agent}`;
}

/** Ends a shell at its prompt, or a login file that waits. */
export const farewell = "\x03\x03\x04\nexit\n\x04";

/** Ends the loop too, where that is what has come of the shell. */
export function farewellTo(nonce: string): string {
  return `${farewell}\n${nonce} 6\nexit 0`;
}

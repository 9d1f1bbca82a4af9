/**
 * The program that runs in the container, and the lines that start it.
 *
 * @module
 */
import source from "./agent.sh" with { type: "text" };

/** The agent without comments and blank lines: the shell reads it byte by byte. */
const agent = source.replaceAll(/^[ \t]+/gm, "").replaceAll(/^#.*\n/gm, "").replaceAll(
  /\n+/g,
  "\n",
);
const agentBytes = new TextEncoder().encode(agent).length;

/** Returns a connection's nonce, which marks the lines of both ends. */
export function newNonce(): string {
  return crypto.getRandomValues(new Uint8Array(12)).toHex();
}

/**
 * Returns the lines to type into a shell to start a loop that waits for the agent. Their echo never
 * has `@rdy:` and the nonce together, so seeing both proves that the terminal is raw. Every read
 * ends after 25 s of silence; the outer shell prints nothing and exits with 0, so `su` never blocks
 * on a full terminal.
 *
 * @returns Two variants, the second for shells that cannot `exec`
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

/** Matches the output that proves that the loop runs. */
export function bootProof(nonce: string): RegExp {
  return new RegExp(`\\n@rdy:${nonce}\\r?\\n`);
}

/** Version of standard input to the loop. */
export function upload(nonce: string): string {
  return `${nonce} ${agentBytes}\n${agent}`;
}

/** Ends a shell at its prompt, or a login file that waits for input. */
export const farewell = "\x03\x03\x04\nexit\n\x04";

/** Also ends the loop, if it has started. */
export function farewellTo(nonce: string): string {
  return `${farewell}\n${nonce} 6\nexit 0`;
}

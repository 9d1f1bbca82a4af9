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
  const loop = `'stty raw -echo min 0 time 250&&printf "\\n@%s:%s\\n" rdy ${nonce};exec 3<&0;` +
    `${relay}|{ read -r d;while IFS= read -r l;do case $l in "${nonce} "[0-9]*)${readAgent}` +
    `exec 3<&0 4>&1 </dev/null >/dev/null 2>&1;` +
    `if command -v setsid;then G=1 setsid /bin/sh -c "$A" a ${nonce} & ` +
    `else G= /bin/sh -c "$A" a ${nonce} & fi;${untilItEnds};kill $d;exit 0;;esac;done;}&` +
    `${untilItEnds};exit 0'`;
  return [` unset HISTFILE;exec /bin/sh -c ${loop}\n`, `\n sh -c ${loop};exit\n`];
}

/**
 * Prints its number, then the terminal's input. On a terminal bash reads ahead of the line that is
 * asked for, and busybox ash polls first, which no silence ends; both are right on a pipe. Not `cat`:
 * that of busybox gives nothing on before 25 s of silence.
 */
const relay = `/bin/sh -c "echo \\$\\$;exec dd bs=4096 2>/dev/null" <&3`;

/**
 * Takes the agent in one go, or, where `dd` does not fill its blocks, whatever has come of it each
 * time: byte by byte would take ten times as long.
 */
const readAgent = `n=\${l#* };A=;f=iflag=fullblock;while [ \${#A} -lt $n ];do ` +
  `c=$(dd bs=$((n-\${#A})) count=1 $f 2>/dev/null;echo x);` +
  `case $c$f in x)exit 0;;esac;f=;A=$A\${c%x};done;`;

const untilItEnds = `m=$!;trap "kill -TERM $m" HUP TERM INT;wait $m;wait $m`;

/** Matches the output that proves that the loop runs. */
export function bootProof(nonce: string): RegExp {
  return new RegExp(`\\n@rdy:${nonce}\\r?\\n`);
}

/** Returns the agent as the loop reads it: the nonce, the agent's length, and the agent. */
export function upload(nonce: string): string {
  return `${nonce} ${agentBytes}\n${agent}`;
}

/** A script as it is sent behind a request. */
export interface SentScript {
  /** Its length as sent (`line` if it is not base64), and what the agent has to find. */
  readonly lengths: readonly [number | "line", number];
  /** What is sent. */
  readonly text: string;
}

/** The shell reads a line byte by byte: from about here on that takes longer than base64. */
const MAX_LINE_CHARS = 2_000;

/**
 * Returns a short script of plain text as a line, which the agent reads without another program,
 * and others as base64.
 */
export function sentScript(script: Uint8Array): SentScript {
  const line = script.length <= MAX_LINE_CHARS ? lineOf(script) : undefined;
  if (line !== undefined) return { lengths: ["line", line.length], text: `${line}\n` };
  const text = script.toBase64();
  return { lengths: [text.length, script.length], text };
}

function lineOf(script: Uint8Array): string | undefined {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(script);
  const line = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return line.length <= MAX_LINE_CHARS && /^[\t -~]*$/.test(line) ? line : undefined;
}

/** Ends a shell at its prompt, or a login file that waits for input. */
export const farewell = "\x03\x03\x04\nexit\n\x04";

/** Also ends the loop, if it has started. */
export function farewellTo(nonce: string): string {
  return `${farewell}\n${nonce} 6\nexit 0`;
}

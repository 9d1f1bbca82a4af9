import { quote } from "../text/shell_quote.ts";

/** Exit codes of our own scripts, above those of the tools in them. */
export const BAD_PATTERN = 65;
/** A filter was wanted that prints each line at once, and there is none. */
export const NO_LIVE_FILTER = 64;

/** Shell text that makes `filter` out of a pattern. */
export interface Filter {
  /** Defines it; ends the script with `BAD_PATTERN` or `NO_LIVE_FILTER` where it cannot be. */
  readonly setup: string;
  /** `| filter`, or nothing where there is no pattern. */
  readonly pipe: string;
}

/**
 * A regular expression as `journalctl --grep` takes it: Perl's where the container's grep can do that,
 * and one without capitals finds both cases.
 *
 * @param isLive Whether each line must come at once
 */
export function filterOf(pattern: string | undefined, isLive: boolean): Filter {
  if (pattern === undefined) return { setup: "", pipe: "" };
  const word = quote(pattern);
  const options = `-a${/\p{Lu}/u.test(pattern) ? "" : " -i"}${isLive ? " --line-buffered" : ""}`;
  // With nothing to read a grep that understands says nothing; exit codes differ between them.
  const setup = [
    ...(isLive
      ? [`[ -z "$(grep --line-buffered x </dev/null 2>&1)" ]||exit ${NO_LIVE_FILTER}`]
      : []),
    "kind=-E",
    '[ -n "$(grep -P x </dev/null 2>&1)" ]||kind=-P',
    `said=$(grep $kind -e ${word} </dev/null 2>&1)`,
    `[ -z "$said" ]||{ printf '%s\\n' "$said" >&2;exit ${BAD_PATTERN};}`,
    `filter() { grep $kind ${options} -e ${word}; }`,
  ].join("\n");
  return { setup: `${setup}\n`, pipe: "|filter" };
}

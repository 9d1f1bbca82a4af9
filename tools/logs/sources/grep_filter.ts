import { quote } from "../../../client/internal.ts";
import { type Reading, rejectArgument } from "../log_reader.ts";

/** Exit codes of this server's scripts, above those of the tools in them. */
export const BAD_PATTERN = 65;
/** Exit code if the container's grep cannot print each line at once while following. */
export const NO_LIVE_FILTER = 64;

/** Shell text that filters lines by a pattern. */
export interface GrepFilter {
  /** Defines the function `filter`; ends the script with `BAD_PATTERN` or `NO_LIVE_FILTER`. */
  readonly setup: string;
  /** `|filter`, or empty without a pattern. */
  readonly pipe: string;
}

/**
 * Filters by a regular expression as `journalctl --grep` does: Perl's syntax where the container's
 * grep supports it, and case-insensitive without capitals.
 *
 * @param isLive Whether each line must be printed at once
 * @param kept Text without special characters: lines with it are printed, too
 */
export function grepFilter(
  pattern: string | undefined,
  isLive: boolean,
  kept?: string,
): GrepFilter {
  if (pattern === undefined) return { setup: "", pipe: "" };
  const word = quote(pattern);
  // In front: it leaves the pattern's own `\Q` alone. Only `(*UTF)` and its like have to come first.
  const either = kept === undefined || pattern.startsWith("(*")
    ? word
    : quote(`${kept}|${pattern}`);
  const options = `-a${/\p{Lu}/u.test(pattern) ? "" : " -i"}${isLive ? " --line-buffered" : ""}`;
  // Without input, a grep that supports the option prints nothing; exit codes differ between greps.
  const setup = [
    ...(isLive
      ? [`[ -z "$(grep --line-buffered x </dev/null 2>&1)" ]||exit ${NO_LIVE_FILTER}`]
      : []),
    "kind=-E",
    '[ -n "$(grep -P x </dev/null 2>&1)" ]||kind=-P',
    `said=$(grep $kind -e ${word} </dev/null 2>&1)`,
    `[ -z "$said" ]||{ printf '%s\\n' "$said" >&2;exit ${BAD_PATTERN};}`,
    `filter() { grep $kind ${options} -e ${either}; }`,
  ].join("\n");
  return { setup: `${setup}\n`, pipe: "|filter" };
}

/**
 * Throws if the script could not filter.
 *
 * @param grep The pattern; `undefined` if nothing was filtered
 * @throws {ContainariumError} `invalid_argument`
 */
export function assertFiltered({ exitCode, complaints }: Reading, grep: string | undefined): void {
  if (grep === undefined) return;
  if (exitCode === BAD_PATTERN) {
    rejectArgument("grep: the container's grep does not accept it", complaints.join("\n"));
  }
  if (exitCode === NO_LIVE_FILTER) {
    rejectArgument("grep: the container's grep cannot filter while following; omit one of the two");
  }
}

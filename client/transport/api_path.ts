/**
 * Paths of the daemon's API. Only this file puts names into paths: `fetch` resolves even an encoded
 * `..`, and the daemon decodes a path before routing, so `alice%2Fdebug` would reach another
 * resource.
 *
 * @module
 */
import { ContainariumError } from "../errors.ts";

/** Segments that belong to the API. */
const words: ReadonlySet<string> = new Set(
  ("acl agent-skills alerting alerts attribution audit auto-sleep backends backups call " +
    "clamav-reports clamav-scan clamav-summary collaborators config containers crew-runs crews debug " +
    "delete-policy deploy dns-records envelope-coverage events findings info install install-stack " +
    "kms labels logs metrics metrics-export migrate-to-envelope move network network-policies " +
    "passthrough pentest recipes refresh remediate resize restore revoke revoked rollback routes run " +
    "scan scan-status scans secrets security snapshots ssh-keys stacks start stop subscribe suppress " +
    "system terminal tokens tools topology ttl verify zap")
    .split(" "),
);

/** Collections whose members are named by usernames. */
const owned: ReadonlySet<string> = new Set(["containers", "metrics", "secrets"]);

/** A path below `/v1/` whose segments are exactly the given names. */
export class ApiPath {
  readonly #text: string;
  readonly #segments: readonly string[];

  /**
   * Creates a path.
   *
   * @param segments Segments, not encoded
   * @throws {ContainariumError} `invalid_argument` for a segment that could be read as several or
   * as none
   */
  constructor(...segments: readonly string[]) {
    for (const segment of segments) {
      const problem = segmentProblem(segment);
      if (problem !== undefined) throw new ContainariumError("invalid_argument", problem);
    }
    this.#segments = segments;
    this.#text = `/v1/${segments.map(encodeURIComponent).join("/")}`;
  }

  /** The path, encoded. */
  get text(): string {
    return this.#text;
  }

  /** The path for a log: shows the length instead of names, except usernames. */
  get logText(): string {
    const shown = this.#segments.map((segment) =>
      words.has(segment) || segment === this.username ? segment : `<${segment.length} characters>`
    );
    return `/v1/${shown.join("/")}`;
  }

  /** Owner of the addressed container, if any. */
  get username(): string | undefined {
    const [collection, username] = this.#segments;
    return collection !== undefined && owned.has(collection) ? username : undefined;
  }
}

/** Maximum length of a name; the longest is a line of `authorized_keys`. */
const MAX_NAME_CHARS = 8_192;

/**
 * Returns why a name cannot be a path segment, or `undefined` if it can. It does not quote the
 * name, which may be a private key pasted in the wrong place.
 *
 * @param noun Kind of name, for the message: `key`
 */
export function segmentProblem(name: string, noun = "name"): string | undefined {
  const cannot = "cannot be addressed in the daemon's API";
  if (name.length > MAX_NAME_CHARS) {
    return `a ${noun} of over ${MAX_NAME_CHARS} characters ${cannot}`;
  }
  if (!name.isWellFormed()) return `a ${noun} with half a character ${cannot}`;
  const read = decoded(name);
  if (read === "") return `an empty ${noun} ${cannot}`;
  if (read === "." || read === "..") return `the ${noun} ${read} ${cannot}: it is another place`;
  return /[/\0]/.test(read) ? `a ${noun} with / ${cannot}` : undefined;
}

/** Returns a name as decoded by a chain of proxies. */
function decoded(name: string): string {
  if (!name.includes("%")) return name;
  const read: string[] = [];
  for (const unit of name.split("")) {
    read.push(unit);
    // Escapes do not overlap, so their order does not matter, and one pass finds them all.
    for (let made = lastEscape(read); made !== undefined; made = lastEscape(read)) {
      read.splice(-3, 3, made);
    }
  }
  return read.join("");
}

/** Returns the character of an escape at the end of a text, if any. */
function lastEscape(text: readonly string[]): string | undefined {
  const [percent, high = "", low = ""] = text.slice(-3);
  const isEscape = percent === "%" && /^[0-7][0-9a-f]$/i.test(high + low);
  return isEscape ? String.fromCharCode(parseInt(high + low, 16)) : undefined;
}

/** Returns a path with blanks such as `containers/{username}` as it is shown, below `/v1/`. */
export function shownPath(blanks: string): string {
  return `/v1/${blanks}`;
}

/** Returns the URL of a path of the API, below the prefix that the daemon's address may have. */
export function urlOfPath({ origin, pathname }: URL, path: string): string {
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, "")}${path}`;
}

/**
 * The paths of the daemon's API. Nothing but this file puts a name into a path: `fetch` resolves `..`
 * even where it was encoded as it should be, and the daemon decodes a path before it routes it, so that
 * `alice%2Fdebug` reaches another resource.
 *
 * @module
 */
import { ContainariumError } from "../errors.ts";

/** The segments that the API itself gives. */
const words: ReadonlySet<string> = new Set(
  ("attribution auto-sleep backends containers debug delete-policy deploy events info install-stack " +
    "labels metrics move recipes resize rollback snapshots ssh-keys stacks start stop subscribe system terminal ttl")
    .split(" "),
);

/** A path below `/v1/`, each of whose segments is exactly the name that was given. */
export class ApiPath {
  readonly #text: string;
  readonly #segments: readonly string[];

  /**
   * Makes a path.
   *
   * @param segments As they are, not encoded
   * @throws {ContainariumError} `invalid_argument` for a segment that could be read as several or none
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

  /** The path for a log: of what is no word of the API's and no username, only how long it is. */
  get logText(): string {
    const shown = this.#segments.map((segment) =>
      words.has(segment) || segment === this.username ? segment : `<${segment.length} characters>`
    );
    return `/v1/${shown.join("/")}`;
  }

  /** Owner of the container that the path addresses, if it addresses one. */
  get username(): string | undefined {
    const [collection, username] = this.#segments;
    return collection === "containers" || collection === "metrics" ? username : undefined;
  }
}

/** The longest that has a reason to be long is a line of `authorized_keys`. */
const MAX_NAME_CHARS = 8_192;

/**
 * Says why a name cannot be one segment of a path, or nothing when it can. The name is not quoted: it may
 * be a private key that was pasted into the wrong place.
 *
 * @param noun What it names, for the message: `key`
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

/** What a chain of proxies that each decode a name makes of it in the end. */
function decoded(name: string): string {
  const read: string[] = [];
  for (const unit of name.split("")) {
    read.push(unit);
    // No escape overlaps another, so that their order does not matter, and one pass finds them all.
    for (let made = lastEscape(read); made !== undefined; made = lastEscape(read)) {
      read.splice(-3, 3, made);
    }
  }
  return read.join("");
}

/** What the escape stands for that a text ends with, if it does. */
function lastEscape(text: readonly string[]): string | undefined {
  const [percent, high = "", low = ""] = text.slice(-3);
  const isEscape = percent === "%" && /^[0-7][0-9a-f]$/i.test(high + low);
  return isEscape ? String.fromCharCode(parseInt(high + low, 16)) : undefined;
}

/** Returns the URL of a path of the API, below the prefix that the daemon's address may have. */
export function urlOfPath({ origin, pathname }: URL, path: string): string {
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, "")}${path}`;
}

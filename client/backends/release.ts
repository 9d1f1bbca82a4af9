import { type JsonObject, readFlag, readText, readTime } from "../wire.ts";

/** The newest release of Containarium, as the daemon knows it. It asks GitHub at most once an hour. */
export interface Release {
  /** Its version: `v0.68.0`. */
  readonly version: string;
  /** The version of the daemon that answers. */
  readonly current?: string | undefined;
  /** Whether the daemon is older than the release. */
  readonly isBehind: boolean;
  /** The page of the release. */
  readonly url?: string | undefined;
  /** When it was published. */
  readonly publishedAt?: Date | undefined;
}

/** Reads `GET /v1/releases/latest`, as it is on the wire or in the daemon's API description. */
export function readRelease(wire: JsonObject): Release {
  return {
    version: readText(wire.latest) ?? readText(wire.latestRelease) ?? "unknown",
    current: readText(wire.current) ?? readText(wire.currentVersion),
    isBehind: readFlag(wire.behind) || readFlag(wire.updateAvailable),
    url: readText(wire.htmlUrl),
    publishedAt: readTime(wire.publishedAt),
  };
}

import { serverInfo } from "../info.ts";
import type { Method } from "../methods.ts";
import type { Introduction } from "../protocol.ts";
import { metaKeys, modernVersion } from "./revision.ts";

/**
 * `server/discover`, the first request of a client of the new revision. It changes no state: `initialize`
 * works before, beside and after it.
 */
export function discoverMethod(
  { capabilities, instructions }: Introduction,
  cacheMs: number,
): Method {
  return {
    only: "modern",
    cacheMs,
    answer: () => ({
      supportedVersions: [modernVersion],
      capabilities,
      instructions,
      _meta: { [metaKeys.serverInfo]: serverInfo },
    }),
  };
}

import { runtimeWords } from "./words.ts";

/** Whether a connection failed because the daemon showed an authority's certificate as its own. */
export function isSelfSigned(error: unknown): boolean {
  return /CaUsedAsEndEntity/.test(runtimeWords(error));
}

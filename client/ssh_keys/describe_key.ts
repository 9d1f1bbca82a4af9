import { fingerprintOf } from "./key_blob.ts";
import type { KeyLine } from "./key_line.ts";
import type { SshKey } from "./report.ts";

/** Returns the key of a line. */
export async function describeKey({ type, comment, options, blob }: KeyLine): Promise<SshKey> {
  const key = { type, fingerprint: await fingerprintOf(blob), comment };
  return options === "" ? key : { ...key, options };
}

import { ContainariumError, type Logger } from "../client/mod.ts";
import { keepPolicy, type PolicySource, withGrace, withoutPolicy } from "../tools/mod.ts";
import { UsageError } from "./usage_error.ts";
import { readNamedFile } from "./files.ts";

/** The file with templates and quotas. */
export interface PolicyFile {
  /** Its path. */
  readonly path: string;
  /** Its name for messages: `--config FILE`. */
  readonly label: string;
}

/**
 * Reads the policy file, if there is one, and reloads it when it changes.
 *
 * @param grace For how long deleted containers can be recovered, unless the file says it
 * @param log Called when it has changed, and when it is unusable
 * @throws {UsageError} If it is unusable; one line per fault
 */
export async function openPolicy(
  file: PolicyFile | undefined,
  grace: string | undefined,
  log: Logger,
): Promise<PolicySource> {
  if (file === undefined) return withGrace(withoutPolicy, grace);
  const { path, label } = file;
  try {
    const policy = await keepPolicy({ label, read: () => readNamedFile(path, label) }, log);
    return withGrace(policy, grace);
  } catch (error) {
    if (error instanceof ContainariumError) throw new UsageError(error.message);
    throw error;
  }
}

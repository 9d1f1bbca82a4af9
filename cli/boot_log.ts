import type { Logger } from "../client/mod.ts";
import { withoutSecrets } from "../client/internal.ts";
import type { CommandContext } from "./command.ts";
import { lineLogger } from "./stderr_log.ts";

/** Until the token is known, removes everything that looks like one: it may be in the wrong place. */
export function bootLogger({ writeLog: write }: Pick<CommandContext, "writeLog">): Logger {
  return lineLogger({ debug: false, redact: withoutSecrets, write });
}

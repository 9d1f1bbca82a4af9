import type { JsonObject } from "../../client/mod.ts";
import { visible } from "../../client/internal.ts";
import { hideSecrets } from "./hidden_secrets.ts";

/** An answer of the daemon as a model reads it. */
export interface ReadAnswer {
  /** JSON, cut at 20,000 characters. */
  readonly text: string;
  /** Fields whose secrets are hidden. */
  readonly hidden: readonly string[];
  /** How many characters were cut off. */
  readonly leftOut: number;
}

/** Maximum length of an answer in a result. */
const MAX_CHARS = 20_000;
const MAX_FIELDS = 20;
const MAX_FIELD_CHARS = 60;

/**
 * Reads an answer: hides secrets unless they are to be shown, and cuts what is long.
 *
 * @param redact Removes the client's own token, which is not shown in any case
 */
export function readAnswer(
  answer: JsonObject,
  { showsSecrets, redact }: {
    readonly showsSecrets: boolean;
    readonly redact: (text: string) => string;
  },
): ReadAnswer {
  const { json, fields } = showsSecrets ? { json: answer, fields: [] } : hideSecrets(answer);
  // Before the cut, which may leave half a token.
  const text = redact(JSON.stringify(json));
  return {
    text: text.slice(0, MAX_CHARS),
    hidden: fields.slice(0, MAX_FIELDS).map((name) => visible(name.slice(0, MAX_FIELD_CHARS))),
    leftOut: Math.max(0, text.length - MAX_CHARS),
  };
}

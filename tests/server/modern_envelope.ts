/** Requests of the revision 2026-07-28, as clients write them. @module */

type Meta = Readonly<Record<string, unknown>>;

/** The `_meta` of a request; an `undefined` value omits its key. */
export function envelope(more: Meta = {}): Meta {
  return {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "tests", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
    ...more,
  };
}

/** Adds the envelope to parameters. */
export function modern(params: Meta = {}, more: Meta = {}): Meta {
  return { ...params, _meta: envelope(more) };
}

/** Envelope of a client that can show forms. */
export const withForms: Meta = {
  "io.modelcontextprotocol/clientCapabilities": { elicitation: {} },
};

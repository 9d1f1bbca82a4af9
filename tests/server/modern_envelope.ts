/** Requests of the revision 2026-07-28, as a client writes them. @module */

type Meta = Readonly<Record<string, unknown>>;

/** The `_meta` of a request; `undefined` leaves a key out. */
export function envelope(more: Meta = {}): Meta {
  return {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "tests", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
    ...more,
  };
}

/** Parameters with an envelope. */
export function modern(params: Meta = {}, more: Meta = {}): Meta {
  return { ...params, _meta: envelope(more) };
}

/** What is put into an envelope by a client that can show a form. */
export const withForms: Meta = {
  "io.modelcontextprotocol/clientCapabilities": { elicitation: {} },
};

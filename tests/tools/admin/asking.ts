/** What the tests of the tools for administrators share. @module */

/** A client that can ask. */
export const canAsk = { args: ["--toolsets", "admin"], capabilities: { elicitation: {} } };

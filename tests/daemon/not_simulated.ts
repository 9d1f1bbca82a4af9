/**
 * The recorded exchanges that are not replayed, by the feature that they wait for. Taking a name out makes
 * `conformance_test.ts` replay it where it stands in a span of the recordings, or fail until a scenario names it.
 *
 * @module
 */

/** Names by feature. */
export const notSimulated: Readonly<Record<string, readonly string[]>> = {};

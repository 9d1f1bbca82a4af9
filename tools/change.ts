/**
 * How tools report what they changed about a container.
 *
 * @module
 */
import { z } from "zod";
import { warnings } from "./host/limits.ts";
import { container } from "./schemas.ts";

const change = z.strictObject({
  setting: z.string().describe("Setting, e.g. cpu"),
  before: z.string().describe("Value before"),
  after: z.string().describe("Value now, read back"),
});

/** A setting with its values before and after a call. */
export type Change = z.infer<typeof change>;

/** Result fields of every tool that changes one container. */
export const changeFields = {
  changed: z.boolean().describe("False: it was already so"),
  changes: z.array(change).optional().describe("Requested settings; absent: none"),
  container,
  warnings,
};

/** Settings as fields of a result. */
export function changesField(changes: readonly Change[]): { changed: boolean; changes: Change[] } {
  return { changed: changes.some(({ before, after }) => before !== after), changes: [...changes] };
}

/** Settings as lines: `cpu: 1 → 2`. */
export function renderChanges(changes: readonly Change[] = []): readonly string[] {
  return changes.map(({ setting, before, after }) =>
    before === after ? `${setting}: ${after} (as before)` : `${setting}: ${before} → ${after}`
  );
}

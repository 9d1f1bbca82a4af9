/** Holds the record of a server to what its client saw. @module */
import type { RecordEntry } from "../../mod.ts";
import { registry } from "../../tools/toolsets.ts";
import { storiesIn } from "../record.ts";

/** A call as its client saw it end. */
export interface SeenCall {
  /** The tool. */
  readonly tool: string;
  /** What became of it; undefined: no answer came. */
  readonly outcome: "ok" | "failed" | undefined;
}

const recorded = new Set(
  registry.filter(({ effect }) => effect !== "read").map(({ name }) => name),
);

/** Returns what is wrong with a record: a story that cannot be, and calls that are missing or made up. */
export function recordFaults(
  entries: readonly RecordEntry[],
  seen: readonly SeenCall[],
): readonly string[] {
  const stories = storiesIn(entries);
  // A question may be put anew, and one whose call was canceled stays unanswered.
  const strange = stories.filter((story) =>
    !/^\w+: (?:asked )*(?:asked|(?:begun )?(?!asked|begun)\w+)$/.test(story)
  );
  const missing = [...recorded].flatMap((tool) => {
    const calls = seen.filter((call) => call.tool === tool);
    const of = (outcome: SeenCall["outcome"]) =>
      calls.filter((call) => call.outcome === outcome).length;
    const own = stories.filter((story) => story.startsWith(`${tool}: `));
    const carriedOut = own.filter((story) => story.endsWith(" ok")).length;
    const isComplete = own.length <= calls.length && own.length >= calls.length - of(undefined) &&
      carriedOut >= of("ok") && carriedOut <= of("ok") + of(undefined);
    if (isComplete) return [];
    return [
      `${tool}: ${calls.length} calls, ${of("ok")} ok and ${of(undefined)} without an answer, ` +
      `but ${own.length} recorded, ${carriedOut} ok`,
    ];
  });
  return [...strange, ...missing].map((what) => `the record says: ${what}`);
}

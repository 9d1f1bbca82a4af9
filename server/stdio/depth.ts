/** As deep as no message of MCP is; a reader that recurses gets through it with ease. */
const DEEPEST = 100;

/** Whether JSON is nested deeper than any message is; looks without recursion. */
export function isTooDeep(json: unknown): boolean {
  let level = isNested(json) ? [json] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === DEEPEST) return true;
    level = level.flatMap((value) => Object.values(value).filter(isNested));
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

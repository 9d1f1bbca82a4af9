/** JSON with something else in it than what belongs there. @module */
import type { Random } from "./random.ts";

const strange: readonly [unknown, ...unknown[]] = [
  null,
  true,
  0,
  -1,
  1e308,
  9007199254740993,
  "",
  "x",
  "-9223372036854775808",
  "2026-13-45T99:99:99Z",
  "CONTAINER_STATE_LEVITATING",
  "x".repeat(5_000),
  [],
  [null],
  [[[[[]]]]],
  {},
  { constructor: 1, toString: null },
  JSON.parse('{"__proto__":{"isAdmin":true}}'),
];

/** Something that no field expects. */
export function strangeValue(random: Random): unknown {
  return random.pick(...strange);
}

/** Replaces or leaves out one value anywhere in it. */
export function mutate(json: unknown, random: Random): unknown {
  const target = random.below(countIn(json));
  let at = -1;
  const isLeftOut = random.chance(0.2);
  const walk = (value: unknown): unknown => {
    at += 1;
    if (at === target) return isLeftOut ? undefined : strangeValue(random);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(json);
}

function countIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + countIn(inner), 1);
}

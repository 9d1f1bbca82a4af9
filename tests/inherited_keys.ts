/** Keys that every object has from its prototype, or that change it: the worst names a label can have. */
export const inheritedKeys: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
];

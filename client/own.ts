/**
 * What a table holds under a key that came from outside: `constructor` and `__proto__` are keys like any
 * other, and not what every object inherits.
 */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

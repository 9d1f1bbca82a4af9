/** Returns an object without what is undefined in it, to compare it with what is known. */
export function known(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

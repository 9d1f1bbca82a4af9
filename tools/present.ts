type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Returns the fields that are set, to put them over others: a spread would also copy `undefined`. */
export function present<T extends object>(fields: T): Present<T>;
export function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

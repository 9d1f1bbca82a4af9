type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined, so that an absent fact is an absent key. */
export function present<T extends object>(facts: T): Present<T>;
export function present(facts: object): object {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
}

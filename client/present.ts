type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined, so that an absent fact is an absent key. */
export function present<T extends object>(facts: T): Present<T>;
export function present(facts: object): object {
  // Every container that is read goes through here, so no lists are made of its members.
  const rest: Record<string, unknown> = {};
  for (const name in facts) {
    const fact: unknown = Reflect.get(facts, name);
    if (fact !== undefined && Object.hasOwn(facts, name)) rest[name] = fact;
  }
  return rest;
}

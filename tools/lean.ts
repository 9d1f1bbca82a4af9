/** Value of a field whose absence means false, 0 or empty. */
type Omissible =
  | boolean
  | number
  | string
  | readonly unknown[]
  | Readonly<Record<string, unknown>>;

/**
 * Returns a value, or `undefined` if it is false, 0 or empty. For optional fields of a result whose
 * absence says the same, which costs a model nothing.
 */
export function unlessEmpty<T extends Omissible>(value: T): T | undefined {
  const isEmpty = typeof value === "object" ? Object.keys(value).length === 0 : !value;
  return isEmpty ? undefined : value;
}

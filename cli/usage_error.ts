/** The command line or a value is invalid; the process exits with code 2. */
export class UsageError extends Error {
  /** Always `"UsageError"`. */
  override readonly name = "UsageError";
}

/** A required setting is missing or refused; the process exits with code 1. */
export class ConfigError extends Error {
  /** Always `"ConfigError"`. */
  override readonly name = "ConfigError";

  /** @param isUnset Whether the setting is not there at all */
  constructor(message: string, readonly isUnset = false) {
    super(message);
  }
}

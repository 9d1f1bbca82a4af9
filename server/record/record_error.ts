/** A call cannot be recorded, so it is not carried out. */
export class RecordError extends Error {
  /** Always `"RecordError"`. */
  override readonly name = "RecordError";

  /** @param cause Why */
  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      "Nothing was done: a change has to be recorded first, and that is not possible now.\n" +
        `Why: ${why}\n` +
        "Next: ask the user to repair it; tools that change nothing still work.",
      { cause },
    );
  }
}

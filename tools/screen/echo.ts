/** Removes the echo of typed text: it is not output. */
export class Echo {
  readonly #first: string;
  readonly #later: readonly string[];

  /** @param typed Lines, each ended by `\r` */
  constructor(typed: string) {
    const [first = "", ...later] = typed.split("\r");
    this.#first = first;
    this.#later = later.map((line) => line.trimEnd()).filter((line) => line !== "");
  }

  /**
   * Returns what is new in a line, without its echo.
   *
   * @param added New text of the line
   * @param isAtCursor Whether the cursor stood in it when the first line was typed
   */
  without(added: string, isAtCursor: boolean): string {
    return isAtCursor ? this.#withoutFirst(added) : this.#withoutLater(added);
  }

  #withoutFirst(added: string): string {
    const echo = this.#first;
    let same = 0;
    while (same < echo.length && added[same] === echo[same]) same++;
    // Keys such as Tab are not echoed as they are. Any other difference means no echo, e.g. for a password.
    const isEcho = same === added.length || /^(?:$|\p{Cc})/u.test(echo.slice(same));
    return isEcho ? added.slice(same) : added;
  }

  /** A line that was typed ahead is shown by itself, and again after the prompt that reads it. */
  #withoutLater(added: string): string {
    const shown = added.trimEnd();
    const echo = this.#later.find((line) => shown === line || shown.endsWith(` ${line}`));
    return echo === undefined ? added : shown.slice(0, -echo.length);
  }
}

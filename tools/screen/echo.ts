/** Leaves out what a terminal shows only because it was typed: it is not output. */
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
   * What is new in a line, without its echo.
   *
   * @param added What is new in it
   * @param isAtCursor Whether the cursor stood in it when the first line was typed
   */
  without(added: string, isAtCursor: boolean): string {
    return isAtCursor ? this.#withoutFirst(added) : this.#withoutLater(added);
  }

  #withoutFirst(added: string): string {
    const echo = this.#first;
    let same = 0;
    while (same < echo.length && added[same] === echo[same]) same++;
    // A key such as Tab is not shown as it is; anything else that differs is not an echo, as after a password.
    const isEcho = same === added.length || /^(?:$|\p{Cc})/u.test(echo.slice(same));
    return isEcho ? added.slice(same) : added;
  }

  /** Typed ahead, a line is shown by itself, and again behind the prompt that it was meant for. */
  #withoutLater(added: string): string {
    const shown = added.trimEnd();
    const echo = this.#later.find((line) => shown === line || shown.endsWith(` ${line}`));
    return echo === undefined ? added : shown.slice(0, -echo.length);
  }
}

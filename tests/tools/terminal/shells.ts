import type { ContainerTerminal, Shell } from "../../../client/mod.ts";

/** A terminal with scripted shells: what is typed, and what is printed. */
export class Shells implements ContainerTerminal {
  /** Text typed into each shell, oldest first. */
  readonly typed: string[][] = [];
  /** Closed shells, by their index in `typed`. */
  readonly closed: number[] = [];
  /** Output when a shell is opened. */
  prompt = "$ ";
  readonly #outputs: ((text: string) => void)[] = [];
  readonly #ends: ((reason: string) => void)[] = [];
  readonly #answer: (typed: string) => string;

  /** @param answer Output after typing */
  constructor(answer: (typed: string) => string = (typed) => typed) {
    this.#answer = answer;
  }

  /** Not here. */
  run(): Promise<never> {
    return Promise.reject(new Error("Only shells"));
  }

  /** Opens one. */
  open({ onOutput }: { readonly onOutput: (text: string) => void }): Promise<Shell> {
    const number = this.typed.length;
    const typed: string[] = [];
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    this.typed.push(typed);
    this.#outputs.push(onOutput);
    this.#ends.push(resolve);
    if (this.prompt !== "") onOutput(this.prompt);
    return Promise.resolve({
      send: (text) => {
        typed.push(text);
        const answer = this.#answer(text);
        if (answer !== "") onOutput(answer);
      },
      ended,
      close: () => {
        this.closed.push(number);
        resolve("it was closed");
        return Promise.resolve();
      },
    });
  }

  /** Prints in one. */
  print(number: number, text: string): void {
    this.#outputs[number]?.(text);
  }

  /** Ends one from inside. */
  end(number: number, reason: string): void {
    this.#ends[number]?.(reason);
  }
}

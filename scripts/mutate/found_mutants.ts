import { dirname } from "node:path";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { isAlive, type Standing } from "./verdicts.ts";

const keys = z.array(z.string());

/** The mutants that tests have found, in a file, so that another run need not try them again. */
export class FoundMutants {
  readonly #path: string;
  readonly #keys: Set<string>;

  private constructor(path: string, found: Iterable<string>) {
    this.#path = path;
    this.#keys = new Set(found);
  }

  /** Reads the file, if there is one. */
  static async open(path: string): Promise<FoundMutants> {
    const text = await Deno.readTextFile(path).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return "[]";
      throw error;
    });
    return new FoundMutants(path, keys.parse(JSON.parse(text)));
  }

  /** Returns whether a test has found a mutant, in a file that is as it was then. */
  has({ key }: Mutant): boolean {
    return this.#keys.has(key);
  }

  /** Writes down which mutants were found by now, and forgets those that are known to live. */
  async note(standings: Iterable<Standing>, isOver: boolean): Promise<void> {
    for (const standing of standings) {
      if (!isAlive(standing)) this.#keys.add(standing.mutant.key);
      else if (isOver) this.#keys.delete(standing.mutant.key);
    }
    await this.#write();
  }

  /** Forgets what is none of a folder's mutants any more. */
  retain(mutants: readonly Mutant[]): void {
    const known = new Set(mutants.map(({ key }) => key));
    for (const key of this.#keys) if (!known.has(key)) this.#keys.delete(key);
  }

  async #write(): Promise<void> {
    await Deno.mkdir(dirname(this.#path), { recursive: true });
    await Deno.writeTextFile(this.#path, JSON.stringify([...this.#keys].sort()));
  }
}

/**
 * Where settings come from: the command line, the environment, an environment file; the first one
 * that sets a variable wins.
 *
 * @module
 */

import { bareToken, isPlaceholder, unquoted } from "../client/internal.ts";

/** Reads one variable; `undefined` when it is not set. */
export type ReadVariable = (name: string) => string | undefined;

/** One place where variables are set. */
export interface Source {
  /** Reads one variable. */
  readonly read: ReadVariable;
  /** Its name for users: `--toolsets`, or the variable's name. */
  readonly label: (variable: string) => string;
}

/** A variable that is set. */
export interface Setting {
  /** Its value, without the white space and the quotes around it. */
  readonly value: string;
  /** Its name for users, where it was found. */
  readonly label: string;
  /** Its name. */
  readonly variable: string;
}

/** A source whose names are the variables' own. */
export function named(read: ReadVariable): Source {
  return { read, label: (variable) => variable };
}

/** A variable that is there and counts as not set. */
interface Unset {
  readonly label: string;
  readonly isEmpty: boolean;
  readonly why: string;
}

/** Looks a variable up in each source, in order. */
export class Sources {
  readonly #sources: readonly Source[];
  readonly #unset = new Map<string, Unset>();

  /** @param sources The first one counts most */
  constructor(sources: readonly Source[]) {
    this.#sources = sources;
  }

  /** The variable from the first source that sets it. */
  find(variable: string): Setting | undefined {
    return this.findAny([variable]);
  }

  /** The first of several variables that exclude each other, from the first source that sets one. */
  findAny(variables: readonly string[]): Setting | undefined {
    for (const { read, label } of this.#sources) {
      for (const variable of variables) {
        const given = read(variable);
        if (given === undefined) continue;
        const value = unquoted(given);
        const name = bareToken(value);
        // Clients leave a variable that they cannot fill in as it was written.
        if (value !== "" && !isPlaceholder(name)) {
          return { value, variable, label: label(variable) };
        }
        const isEmpty = value === "";
        const why = isEmpty ? "it is empty" : `it holds the unfilled placeholder ${nameIn(name)}`;
        this.#unset.set(variable, { label: label(variable), isEmpty, why });
      }
    }
    return undefined;
  }

  /** Why a variable that is there counted as not set. */
  whyUnset(variable: string): string | undefined {
    return this.#unset.get(variable)?.why;
  }

  /** A line for each variable that was looked up and held a placeholder. */
  placeholderWarnings(): readonly string[] {
    return [...this.#unset.values()].filter(({ isEmpty }) => !isEmpty)
      .map(({ label, why }) => `${label} counts as not set: ${why}`);
  }
}

/** A placeholder reduced to its name: `${TOKEN:-the token}`. */
function nameIn(placeholder: string): string {
  if (!placeholder.includes("{")) return placeholder;
  const [start = "${"] = /^\$\{(?:(?:env|input):)?[\w.]*/.exec(placeholder) ?? [];
  return placeholder === `${start}}` ? placeholder : `${start}…}`;
}

/** The environment of a process. */
export class Environment {
  readonly #read: ReadVariable;
  readonly #denied = new Set<string>();

  /** @param read Reads one of its variables; throws `NotCapable` for one that may not be read */
  constructor(read: ReadVariable) {
    this.#read = read;
  }

  /** Reads a variable; one that may not be read counts as not set. */
  read(variable: string): string | undefined {
    try {
      return this.#read(variable);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      this.#denied.add(variable);
      return undefined;
    }
  }

  /** Whether a variable was looked up and may not be read. */
  isDenied(variable: string): boolean {
    return this.#denied.has(variable);
  }

  /** A line about the variables that were looked up and may not be read, should there be any. */
  deniedWarnings(): readonly string[] {
    const names = [...this.#denied].filter((name) => name.startsWith("CONTAINARIUM_"));
    return names.length === 0
      ? []
      : [`not granted by --allow-env, so they are ignored: ${names.join(", ")}`];
  }
}

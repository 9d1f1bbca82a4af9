/**
 * Sources of settings: the command line, the environment, an environment file. The first one that sets a
 * variable wins.
 *
 * @module
 */

import { bareToken, isPlaceholder, unquoted } from "../client/internal.ts";

/** Reads a variable; returns `undefined` if it is not set. */
export type ReadVariable = (name: string) => string | undefined;

/** A source of variables. */
export interface Source {
  /** Reads a variable. */
  readonly read: ReadVariable;
  /** Name for messages: `--toolsets`, or the variable's name. */
  readonly label: (variable: string) => string;
  /** Returns why a variable may be set there and is not read; absent: it never may. */
  readonly whyUnread?: ((variable: string) => string | undefined) | undefined;
}

/** A variable that is set. */
export interface Setting {
  /** Its value, without surrounding white space and quotes. */
  readonly value: string;
  /** Name for messages, by its source. */
  readonly label: string;
  /** Its name. */
  readonly variable: string;
}

/** Returns a source that labels variables with their own names. */
export function named(read: ReadVariable): Source {
  return { read, label: (variable) => variable };
}

/** A variable that is present but counts as not set. */
interface Unset {
  readonly label: string;
  readonly isEmpty: boolean;
  readonly why: string;
}

/** Looks up variables in several sources, in order. */
export class Sources {
  readonly #sources: readonly Source[];
  readonly #unset = new Map<string, Unset>();

  /** @param sources In order of precedence */
  constructor(sources: readonly Source[]) {
    this.#sources = sources;
  }

  /** Returns the variable from the first source that sets it. */
  find(variable: string): Setting | undefined {
    return this.findAny([variable]);
  }

  /** Returns the first of several mutually exclusive variables, from the first source that sets one. */
  findAny(variables: readonly string[]): Setting | undefined {
    for (const { read, label } of this.#sources) {
      for (const variable of variables) {
        const given = read(variable);
        if (given === undefined) continue;
        const value = unquoted(given);
        const name = bareToken(value);
        // Clients pass on placeholders that they cannot fill in.
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

  /** Returns why a variable counted as not set although it is present, or may be. */
  whyUnset(variable: string): string | undefined {
    return this.#unset.get(variable)?.why ??
      this.#sources.map(({ whyUnread }) => whyUnread?.(variable)).find((why) => why !== undefined);
  }

  /** Returns a warning for each variable that contained a placeholder. */
  placeholderWarnings(): readonly string[] {
    return [...this.#unset.values()].filter(({ isEmpty }) => !isEmpty)
      .map(({ label, why }) => `${label} counts as not set: ${why}`);
  }
}

/** Shortens a placeholder to its name: it may contain a default, `${TOKEN:-the token}`. */
function nameIn(placeholder: string): string {
  if (!placeholder.includes("{")) return placeholder;
  const [start = "${"] = /^\$\{(?:(?:env|input):)?[\w.]*/.exec(placeholder) ?? [];
  return placeholder === `${start}}` ? placeholder : `${start}…}`;
}

/** The environment of a process. */
export class Environment {
  readonly #read: ReadVariable;
  readonly #denied = new Set<string>();

  /** @param read Reads a variable; throws `NotCapable` without permission */
  constructor(read: ReadVariable) {
    this.#read = read;
  }

  /** Reads a variable. Without permission it counts as not set. */
  read(variable: string): string | undefined {
    try {
      return this.#read(variable);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      this.#denied.add(variable);
      return undefined;
    }
  }

  /** Returns whether a variable was looked up without permission. */
  isDenied(variable: string): boolean {
    return this.#denied.has(variable);
  }

  /** Returns a warning about variables that were looked up without permission, if any. */
  deniedWarnings(): readonly string[] {
    const names = [...this.#denied].filter((name) => name.startsWith("CONTAINARIUM_"));
    return names.length === 0
      ? []
      : [`not granted by --allow-env, so they are ignored: ${names.join(", ")}`];
  }
}

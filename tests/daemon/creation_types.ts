/** How creations are to go, and what a catalogue holds beside the recorded. @module */

/** Where and with what words a creation fails. */
export interface CreateFailure {
  /** How far it gets; a sync one shows nothing until it is provisioned. @default {"provisioning"} */
  readonly phase?: "creating" | "provisioning";
  /** What a sync one answers; of an async one nobody hears it. */
  readonly reason?: string;
}

/** What becomes of every creation for one user, while others go as usual. */
export type CreateFate =
  | CreateFailure & { readonly kind: "fails" }
  | {
    readonly kind: "slow";
    /** It says CREATING, or holds a sync request, so much longer. */
    readonly ms: number;
  };

/** A recipe beside the recorded ones; what is left out is empty. */
export interface RecipeSeed {
  /** How it is called in a path. */
  readonly id: string;
  /** @default {"A recipe of the simulator's"} */
  readonly description?: string;
  /** The limits that it asks for; without them the daemon's own hold. */
  readonly resources?: { readonly cpu: string; readonly memory: string; readonly disk: string };
  /** What it can be told. */
  readonly parameters?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly default?: string;
    readonly required?: boolean;
  }[];
  /** The ports that it listens on. */
  readonly ports?: readonly number[];
  /** The commands that it runs in the new container. */
  readonly postStart?: readonly string[];
}

/** The options of a daemon that are about its catalogue and its creations. */
export interface CatalogueOptions {
  /** Whose creations fail or are slow. */
  readonly creates?: Readonly<Record<string, CreateFate>>;
  /** The recipes beside the recorded two, which want a GPU. */
  readonly recipes?: readonly RecipeSeed[];
  /** How many GPUs the host has. @default {0} */
  readonly gpus?: number;
}

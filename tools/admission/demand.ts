import type { Limits } from "../../client/mod.ts";

/** What a container is to become, as far as quotas count it. */
export interface Demand extends Limits {
  /** Whose. */
  readonly username: string;
  /** All the labels that it will have. */
  readonly labels: Readonly<Record<string, string>>;
  /** How it comes to be that. */
  readonly kind: "create" | "resize" | "relabel";
}

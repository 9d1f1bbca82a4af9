import type { Limits } from "../../client/mod.ts";

/** A container as it is to become, as far as quotas count it. */
export interface Demand extends Limits {
  /** Owner of the container. */
  readonly username: string;
  /** All labels that it will have. */
  readonly labels: Readonly<Record<string, string>>;
  /** Operation that leads to it. */
  readonly kind: "create" | "resize" | "relabel";
}

/**
 * What the daemon keeps of a deleted container.
 *
 * @module
 */
export type {
  Leftover,
  LeftoverKind,
  LeftoverList,
  LeftoverOwner,
  UnreadLeftovers,
} from "./leftover.ts";
export type {
  LeftoverRemoval,
  Leftovers,
  ListLeftoversOptions,
  RemainingLeftover,
  RemoveLeftoversOptions,
} from "./leftovers.ts";
export { leftoverKinds } from "./leftovers.ts";

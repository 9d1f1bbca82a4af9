/**
 * Those who have an account of their own in another user's container.
 *
 * @module
 */
export type { Collaborator } from "./collaborator.ts";
export type {
  Collaborators,
  RemoveCollaboratorOptions,
  RemoveCollaboratorResult,
} from "./collaborators.ts";
